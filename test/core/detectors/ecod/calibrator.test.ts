import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calibrator } from "../../../../src/core/detectors/ecod/calibrator.ts";
import { WindowMemory } from "../../../../src/core/sorted-window/window-memory.ts";

function calibrated(scores: readonly number[]): Calibrator {
  const calibrator = new Calibrator(new WindowMemory(), 500);
  for (const score of scores) calibrator.push(Float64Array.of(score), 0, true);
  return calibrator;
}

function tail(calibrator: Calibrator, score: number): number {
  const p = new Float64Array(1);
  calibrator.tailProbability(Float64Array.of(score), 0, p, 0);
  return p[0] as number;
}

describe("Calibrator.boundary", () => {
  it("separates scores with a larger tail probability from the others", () => {
    const score = fc.oneof(
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.integer({ max: 5, min: 0 }),
    );
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 600, size: "max" }),
        fc.constantFrom(0.5, 0.2, 0.05, 0.01, 0.001),
        fc.array(fc.double({ min: -1, max: 100, noNaN: true }), { maxLength: 20 }),
        (scores, p, others) => {
          const calibrator = calibrated(scores);
          const boundary = calibrator.boundary(p);
          const near = [1e-7, 1e-3].flatMap((gap) => [boundary - gap, boundary + gap]);
          const probes = [...others, ...scores.slice(0, 50), ...near];
          for (const probe of probes.filter((s) => Math.abs(s - boundary) > 1e-9)) {
            if (probe > boundary) expect(tail(calibrator, probe)).toBeLessThanOrEqual(p);
            else expect(tail(calibrator, probe)).toBeGreaterThan(p);
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
