import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScoreColumns, type Explanation } from "../../../../src/core/detectors/detector.ts";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodConfig,
} from "../../../../src/core/detectors/ecod/config.ts";
import { Ecod } from "../../../../src/core/detectors/ecod/ecod.ts";

const config: EcodConfig = {
  algorithm: "ecod",
  ...ECOD_DEFAULTS,
  ...ECOD_PRESETS.stream,
  warmupPeriod: 40,
  contamination: 0.2,
  gate: 0,
  columns: [0, 0],
  rawFeatures: [0],
  noveltyFeatures: [0],
};

/** Runs `rows` of one detector; says of each anomalous one why, and its raw score. */
function explained(
  changes: Partial<EcodConfig>,
  rows: readonly (readonly number[])[],
): { at: number; raw: number; explanation: Explanation }[] {
  const width = rows[0]?.length ?? 0;
  const inputs = Array.from({ length: width }, (_, j) =>
    Float64Array.from(rows, (row) => row[j] as number),
  );
  const detector = new Ecod({ ...config, ...changes }, width);
  const out = createScoreColumns(rows.length);
  return rows.flatMap((_, at) => {
    detector.observe(inputs, at, out);
    if (out.isAnomaly[at] !== 1) return [];
    const raw = out.rawScore[at] as number;
    return [{ at, raw, explanation: detector.explain(inputs, at) }];
  });
}

const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 10, noNaN: true }));
const series = (minLength: number) =>
  fc.array(fc.tuple(value, fc.oneof(value, fc.constant(Number.NaN))), {
    minLength,
    maxLength: 120,
    size: "max",
  });

describe("the explanation of a row", () => {
  it("compares the row with the values before it, not with itself", () => {
    fc.assert(
      fc.property(series(60), (rows) => {
        for (const { at, explanation } of explained({}, rows)) {
          for (const { input, typical, low, high } of explanation.contributions) {
            const before = rows
              .slice(0, at)
              .map((row) => row[input] as number)
              .filter((x) => !Number.isNaN(x))
              .sort((a, b) => a - b);
            const last = before.length - 1;
            for (const [usual, q] of [
              [typical, 0.5],
              [low, 0.05],
              [high, 0.95],
            ] as const) {
              const wanted = before[Math.round(q * last)] as number;
              expect(Math.abs(usual - wanted)).toBeLessThan(1e-11); // the grid of values up to 10
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("has no typical value if the reference contains only the row itself", () => {
    const rows = Array.from({ length: 100 }, (_, i) => [i % 7, i === 99 ? 99 : 5]);
    const last = explained({ window: 1, minReference: 1 }, rows).at(-1);
    expect(last?.at).toBe(99);
    expect(last?.explanation.contributions[0]).toMatchObject({
      typical: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
    });
  });

  it("has shares that add up to 1, and a threshold that the score reaches", () => {
    fc.assert(
      fc.property(series(60), (rows) => {
        for (const { raw, explanation } of explained({}, rows)) {
          const sum = explanation.contributions.reduce((total, { share }) => total + share, 0);
          expect(sum).toBeCloseTo(1, 9);
          expect(explanation.threshold).toBeLessThanOrEqual(raw);
          expect(explanation.threshold).toBeGreaterThan(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("counts novelty towards the feature that is novel", () => {
    const rows = Array.from({ length: 700 }, (_, i) => [i === 699 ? 50 : i % 10, (i * 7) % 10]);
    const [last] = explained({}, rows).slice(-1);
    expect(last).toMatchObject({ at: 699, explanation: { novel: [0] } });
    const plain = explained({ noveltyFeatures: [] }, rows).at(-1);
    const share = (one: typeof last) => one?.explanation.contributions[0]?.share ?? 0;
    expect(last?.explanation.contributions[0]?.input).toBe(0);
    expect(share(last)).toBeGreaterThan(share(plain));
  });
});
