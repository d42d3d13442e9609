import fc from "fast-check";
import pl from "nodejs-polars";
import { describe, expect, it } from "vitest";
import type { RollingFunctionName } from "../../../src/core/features/registry.ts";
import { rows, run, samples, seconds, spec } from "./support.ts";

/** The same feature in Polars, from its window, `min_periods` and quantile. */
type Oracle = (
  xs: pl.Series,
  windowSize: number,
  minPeriods: number,
  quantile: number,
) => pl.Series;

const oracles: Partial<Record<RollingFunctionName, Oracle>> = {
  mean: (xs, windowSize, minPeriods) => xs.rollingMean({ windowSize, minPeriods }),
  sum: (xs, windowSize, minPeriods) => xs.rollingSum({ windowSize, minPeriods }),
  min: (xs, windowSize, minPeriods) => xs.rollingMin({ windowSize, minPeriods }),
  max: (xs, windowSize, minPeriods) => xs.rollingMax({ windowSize, minPeriods }),
  std: (xs, windowSize, minPeriods) => xs.rollingStd({ windowSize, minPeriods }),
  var: (xs, windowSize, minPeriods) => xs.rollingVar({ windowSize, minPeriods }),
  median: (xs, windowSize, minPeriods) => xs.rollingMedian({ windowSize, minPeriods }),
  quantile: (xs, windowSize, minPeriods, quantile) =>
    xs.rollingQuantile({ windowSize, minPeriods, quantile, interpolation: "linear" }),
  ewm_mean: (xs, windowSize, minPeriods) => xs.ewmMean({ alpha: 2 / (windowSize + 1), minPeriods }),
};

const column = fc.array(samples(), { minLength: 1, maxLength: 80 });
const windowAndMinPeriods = fc
  .integer({ min: 1, max: 12 })
  .chain((window) => fc.tuple(fc.constant(window), fc.integer({ min: 1, max: window })));

function seriesOf(xs: readonly number[]): pl.Series {
  const cells = xs.map((x) => (Number.isNaN(x) ? null : x));
  return pl.Series("x", cells, pl.Float64);
}

function expectClose(got: readonly number[] | undefined, want: pl.Series, window: number): void {
  const cells = want.toArray() as (number | null)[];
  expect(got).toHaveLength(cells.length);
  for (const [i, value] of (got ?? []).entries()) {
    const expected = i < window - 1 ? Number.NaN : (cells[i] ?? Number.NaN);
    if (Number.isNaN(expected)) expect(value).toBeNaN();
    else expect(value).toBeCloseTo(expected, 8);
  }
}

describe("rolling functions agree with Polars on values with gaps", () => {
  it.each(Object.entries(oracles))("%s", (name, oracle) => {
    fc.assert(
      fc.property(
        column,
        windowAndMinPeriods,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, [window, minPeriods], quantile) => {
          const feature = spec(name as RollingFunctionName, rows(window), { minPeriods, quantile });
          const [got] = run([feature], seconds(xs.length), [xs]);
          expectClose(got, oracle(seriesOf(xs), window, minPeriods, quantile), window);
        },
      ),
    );
  });

  it("skew, for which Polars needs complete windows", () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (xs, windowSize) => {
        const feature = spec("skew", rows(windowSize), { minPeriods: windowSize });
        const [got] = run([feature], seconds(xs.length), [xs]);
        expectClose(got, seriesOf(xs).rollingSkew({ windowSize }), windowSize);
      }),
    );
  });

  it("the default min_periods is half the window, rounded up", () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 3, max: 12 }), (xs, windowSize) => {
        const features = [spec("mean", rows(windowSize)), spec("std", rows(windowSize))];
        const [mean, std] = run(features, seconds(xs.length), [xs]);
        const minPeriods = Math.ceil(windowSize / 2);
        expectClose(mean, seriesOf(xs).rollingMean({ windowSize, minPeriods }), windowSize);
        expectClose(std, seriesOf(xs).rollingStd({ windowSize, minPeriods }), windowSize);
      }),
    );
  });
});
