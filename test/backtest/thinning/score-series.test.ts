import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScoreSeries } from "../../../src/backtest/thinning/score-series.ts";

const values = fc.array(
  fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)),
  { maxLength: 400 },
);

function seriesOf(list: readonly number[], capacity: number): ScoreSeries {
  const series = new ScoreSeries(capacity);
  for (const value of list) series.add(value);
  return series;
}

function maximum(list: readonly number[]): number {
  return list.reduce((a, b) => (b > a || Number.isNaN(a) ? b : a), Number.NaN);
}

describe("ScoreSeries", () => {
  it("returns few values unchanged", () => {
    expect(seriesOf([0.1, Number.NaN, 0.3], 8).buckets(10)).toEqual([0.1, Number.NaN, 0.3]);
  });

  it("has no buckets without values", () => {
    expect(new ScoreSeries(8).buckets(10)).toEqual([]);
  });

  it("merges values into maxima for a narrow line", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (list, width) => {
        const shown = Math.min(width, list.length);
        const expected = Array.from({ length: shown }, (_, i) =>
          maximum(
            list.slice(
              Math.floor((i * list.length) / shown),
              Math.floor(((i + 1) * list.length) / shown),
            ),
          ),
        );
        expect(seriesOf(list, 400).buckets(width)).toEqual(expected);
      }),
    );
  });

  it("keeps the maxima of equal buckets once there are many values", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 10 }), (list, half) => {
        const capacity = 2 * half;
        let stretch = 1;
        while (Math.ceil(list.length / stretch) > capacity) stretch *= 2;
        const expected = Array.from({ length: Math.ceil(list.length / stretch) }, (_, i) =>
          maximum(list.slice(i * stretch, (i + 1) * stretch)),
        );
        expect(seriesOf(list, capacity).buckets(capacity)).toEqual(expected);
      }),
    );
  });

  it("never loses the maximum and never has more than width buckets", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (list, width) => {
        const buckets = seriesOf(list, 16).buckets(width);
        expect(maximum(buckets)).toBe(maximum(list));
        expect(buckets.length).toBeLessThanOrEqual(Math.min(width, 16));
      }),
    );
  });

  it("rejects an odd capacity and a width of zero", () => {
    expect(() => new ScoreSeries(5)).toThrow(RangeError);
    expect(() => new ScoreSeries(4).buckets(0)).toThrow(RangeError);
  });
});
