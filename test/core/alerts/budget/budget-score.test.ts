import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetScore } from "../../../../src/core/alerts/budget/budget-score.ts";

function scoreAt(margin: number, q: number): number {
  const out = new Float64Array(2);
  budgetScore(margin, q, out, 1);
  return out[1] as number;
}

describe("budgetScore", () => {
  it("has its corners at the bar and at the severities", () => {
    expect([0, 1.5, 4].map((margin) => scoreAt(margin, 9))).toEqual([0.5, 0.85, 0.95]);
    expect(scoreAt(-9, 0)).toBe(0);
    expect(scoreAt(700, 709)).toBe(1);
  });

  it("grows with the rarity, without a step", () => {
    const number = fc.double({ min: 2, max: 20, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (bar, q, more) => {
        const [low, high] = [scoreAt(q - bar, q), scoreAt(q + more - bar, q + more)];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeGreaterThanOrEqual(low);
        expect(high - low).toBeLessThanOrEqual(0.5 * more + 1e-12);
      }),
    );
  });
});
