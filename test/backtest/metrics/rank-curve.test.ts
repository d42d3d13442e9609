import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RankCurve } from "../../../src/backtest/metrics/rank-curve.ts";
import { Random } from "../../support/random.ts";

interface Scored {
  readonly score: number;
  readonly anomalous: boolean;
}

/** Slow and obvious: compares every anomalous reading with every normal one. */
function slowAuc(readings: readonly Scored[]): number {
  const normal = readings.filter(({ anomalous }) => !anomalous);
  const pairs = readings
    .filter(({ anomalous }) => anomalous)
    .flatMap((high) =>
      normal.map((low) => (high.score > low.score ? 1 : high.score === low.score ? 0.5 : 0)),
    );
  return pairs.reduce<number>((sum, won) => sum + won, 0) / pairs.length;
}

/** Slow and obvious: every score as a threshold, descending. */
function slowPrecision(readings: readonly Scored[]): number {
  const hits = (some: readonly Scored[]) => some.filter(({ anomalous }) => anomalous).length;
  const thresholds = [...new Set(readings.map(({ score }) => score))].sort((a, b) => b - a);
  let recall = 0;
  return thresholds.reduce((sum, threshold) => {
    const above = readings.filter(({ score }) => score >= threshold);
    const before = recall;
    recall = hits(above) / hits(readings);
    return sum + (recall - before) * (hits(above) / above.length);
  }, 0);
}

const reading = fc.record({
  score: fc.oneof(fc.constantFrom(0, 0.25, 0.5), fc.double({ min: 0, max: 1, noNaN: true })),
  anomalous: fc.boolean(),
});

describe("RankCurve", () => {
  it("equals a comparison of all pairs and all thresholds", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        const curve = new RankCurve();
        for (const { score, anomalous } of readings) curve.add(score, anomalous);
        const { auc, averagePrecision } = curve.metrics();
        const anomalous = readings.filter((one) => one.anomalous).length;
        if (anomalous === 0) expect(averagePrecision).toBeNaN();
        else expect(averagePrecision).toBeCloseTo(slowPrecision(readings), 12);
        if ([0, readings.length].includes(anomalous)) expect(auc).toBeNaN();
        else expect(auc).toBeCloseTo(slowAuc(readings), 12);
      }),
    );
  });

  it("gives the same result when metrics are read in between", () => {
    const curve = new RankCurve();
    curve.add(0.7, true);
    expect(curve.metrics()).toEqual({ auc: Number.NaN, averagePrecision: 1 });
    curve.add(0.7, false);
    expect(curve.metrics()).toEqual({ auc: 0.5, averagePrecision: 0.5 });
  });

  it("stays close when it has to merge scores", () => {
    const random = new Random(7);
    const [exact, rough] = [new RankCurve(), new RankCurve(4096)];
    for (let i = 0; i < 200_000; i++) {
      const anomalous = random.uniform() < 0.1;
      const score = random.uniform() ** (anomalous ? 0.5 : 1);
      exact.add(score, anomalous);
      rough.add(score, anomalous);
    }
    const [one, other] = [exact.metrics(), rough.metrics()];
    expect(other.auc).not.toBe(one.auc);
    expect(Math.abs(other.auc - one.auc)).toBeLessThan(1e-4);
    expect(Math.abs(other.averagePrecision - one.averagePrecision)).toBeLessThan(1e-3);
  });
});
