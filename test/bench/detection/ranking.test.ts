import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankingQuality } from "../../../bench/detection/metrics/ranking.ts";

/** Few distinct scores, so that many are equal, with at least one label of each kind. */
const labelled = fc
  .array(fc.record({ score: fc.integer({ min: -3, max: 6 }), label: fc.constantFrom(0, 1) }), {
    maxLength: 40,
  })
  .map((some) => [...some, { score: 1, label: 0 }, { score: 2, label: 1 }]);

function quality(rows: readonly { score: number; label: number }[]) {
  return rankingQuality(
    Float64Array.from(rows, ({ score }) => score),
    Uint8Array.from(rows, ({ label }) => label),
  );
}

describe("rankingQuality", () => {
  it("has the AUC of comparing each anomalous reading with each normal one", () => {
    fc.assert(
      fc.property(labelled, (rows) => {
        const [positive, negative] = [1, 0].map((kind) =>
          rows.filter(({ label }) => label === kind).map(({ score }) => score),
        ) as [number[], number[]];
        const wins = positive.flatMap((p) =>
          negative.map((n) => (p > n ? 1 : p === n ? 0.5 : 0) as number),
        );
        const expected = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        expect(quality(rows).auc).toBeCloseTo(expected, 12);
      }),
    );
  });

  it("has the average precision of trying each score as threshold", () => {
    fc.assert(
      fc.property(labelled, (rows) => {
        const total = rows.filter(({ label }) => label === 1).length;
        const thresholds = [...new Set(rows.map(({ score }) => score))].sort((a, b) => b - a);
        let [expected, recallBefore] = [0, 0];
        for (const threshold of thresholds) {
          const alarms = rows.filter(({ score }) => score >= threshold);
          const hits = alarms.filter(({ label }) => label === 1).length;
          expected += (hits / total - recallBefore) * (hits / alarms.length);
          recallBefore = hits / total;
        }
        expect(quality(rows).averagePrecision).toBeCloseTo(expected, 12);
      }),
    );
  });

  it("is 1 for scores that separate, and NaN with only one kind", () => {
    const perfect = quality([1, 2, 3, 4].map((score) => ({ score, label: score > 2 ? 1 : 0 })));
    expect(perfect).toEqual({ auc: 1, averagePrecision: 1 });
    expect(quality([{ score: 1, label: 0 }]).auc).toBeNaN();
  });
});
