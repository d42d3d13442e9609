import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calibrator, MOMENTS } from "../../../../../src/core/detectors/ecod/score/calibrator.ts";
import { SortedWindow } from "../../../../../src/core/sorted-window/sorted-window.ts";
import { WindowMemory } from "../../../../../src/core/sorted-window/window-memory.ts";

function calibrated(scores: readonly number[], columns = 1): Calibrator {
  const calibrator = new Calibrator(
    new SortedWindow(new WindowMemory(), 500),
    { memory: { numbers: new Float64Array(MOMENTS) }, at: 0 },
    500,
    { columns, scale: 2 },
  );
  for (const score of scores) calibrator.push(Float64Array.of(score), 0, true);
  return calibrator;
}

function logTail(calibrator: Calibrator, score: number): number {
  const out = new Float64Array(1);
  calibrator.logTail(Float64Array.of(score), 0, out, 0);
  return out[0] as number;
}

function scoreAt(calibrator: Calibrator, lnP: number): number {
  const out = new Float64Array(1);
  calibrator.scoreAt(Float64Array.of(lnP), 0, out, 0);
  return out[0] as number;
}

const score = fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.integer({ max: 5, min: 0 }));
const history = (minLength: number) => fc.array(score, { minLength, maxLength: 600, size: "max" });

describe("Calibrator.boundary", () => {
  it("separates scores with a larger tail probability from the others", () => {
    fc.assert(
      fc.property(
        history(1),
        fc.constantFrom(0.5, 0.2, 0.05, 0.01, 0.001),
        fc.array(fc.double({ min: -1, max: 100, noNaN: true }), { maxLength: 20 }),
        (scores, p, others) => {
          const calibrator = calibrated(scores);
          const boundary = calibrator.boundary(p);
          const near = [1e-7, 1e-3].flatMap((gap) => [boundary - gap, boundary + gap]);
          const probes = [...others, ...scores.slice(0, 50), ...near];
          for (const probe of probes.filter((s) => Math.abs(s - boundary) > 1e-9)) {
            const lnP = logTail(calibrator, probe);
            if (probe > boundary) expect(lnP).toBeLessThanOrEqual(Math.log(p));
            else expect(lnP).toBeGreaterThan(Math.log(p));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is infinite while the history is short", () => {
    expect(calibrated([]).boundary(0.01)).toBe(Number.POSITIVE_INFINITY);
    expect(calibrated([1, 2, 3]).boundary(0.01)).toBe(Number.POSITIVE_INFINITY);
  });
});

it("the tail probability falls with the score, within its limits", () => {
  fc.assert(
    fc.property(history(0), fc.array(score, { minLength: 2 }), (scores, probes) => {
      const calibrator = calibrated(scores, 3);
      const tails = [...probes, 1e300].sort((a, b) => a - b).map((s) => logTail(calibrator, s));
      expect(tails).toEqual([...tails].sort((a, b) => b - a));
      for (const lnP of tails) {
        expect(lnP).toBeLessThanOrEqual(0);
        expect(lnP).toBeGreaterThanOrEqual(Math.log(1e-300));
      }
    }),
    { numRuns: 200 },
  );
});

it("the score at a tail probability has that probability", () => {
  fc.assert(
    fc.property(history(20), fc.double({ min: 0, max: 60, noNaN: true }), (scores, beyond) => {
      const calibrator = calibrated(scores);
      const probe = Math.max(...scores) + beyond;
      const lnP = logTail(calibrator, probe);
      const found = scoreAt(calibrator, lnP);
      if (found === Number.NEGATIVE_INFINITY) return; // most scores are equal: it is not in the tail
      expect(found).toBeCloseTo(probe, 6);
    }),
    { numRuns: 200 },
  );
});

it("no score is in the tail of a short history", () => {
  expect(scoreAt(calibrated([1, 2, 3]), -9)).toBe(Number.NEGATIVE_INFINITY);
});
