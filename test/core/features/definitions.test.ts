import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeatureSpec } from "../../../src/core/features/spec.ts";
import { define, definitions } from "./definitions.ts";
import {
  duration,
  factsOf,
  functionNames,
  irregularTimes,
  rows,
  run,
  samples,
  seconds,
  spec,
} from "./support.ts";

const SPREAD = 200; // samples() lie within -100..100

/** What rounding may cost, for a window of samples about `level`. */
function tolerance(feature: FeatureSpec, level: number): number {
  const ulp = 1e-14 * (Math.abs(level) + SPREAD);
  switch (definitions[feature.function].scale) {
    case "level":
      return 20 * ulp;
    case "spread":
      return 1e-9 * SPREAD;
    case "variance":
      return 1e-9 * SPREAD ** 2;
    case "per second":
      return 1e-9 * SPREAD * 1000; // over 1 ms at the least
    case "per hour":
      return 1e-9 * SPREAD * 3_600_000;
    case "pure":
      return 1e-8;
  }
}

function expectDefined(
  feature: FeatureSpec,
  times: readonly number[],
  columns: readonly (readonly number[])[],
  level: number,
  maxWindowRows?: number,
): void {
  const got = run([feature], times, columns, maxWindowRows)[0] as number[];
  const want = define(feature, times, columns, maxWindowRows);
  const allowed = tolerance(feature, level);
  got.forEach((value, i) => {
    const expected = want[i] as number;
    const equal = Number.isNaN(expected)
      ? Number.isNaN(value)
      : Math.abs(value - expected) <= allowed + 1e-9 * Math.abs(expected);
    if (!equal) expect.fail(`row ${i}: got ${value}, expected ${expected}`);
  });
}

describe.each(functionNames)("rolling %s", (name) => {
  const facts = factsOf(name);
  const minPeriods = fc.option(fc.integer({ min: 1, max: 6 }));
  const quantile = fc.constantFrom(0, 0.05, 0.3, 0.5, 0.95, 1);

  it.each([0, 1e9, -1e9])("equals its definition on values about %d with gaps", (level) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(samples(level), samples(level)), { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        minPeriods,
        quantile,
        (pairs, window, min, q) => {
          const feature = spec(name, rows(window), { minPeriods: min, quantile: q });
          const columns = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          expectDefined(feature, seconds(pairs.length), columns, level);
        },
      ),
    );
  });

  it("needs the same min_periods as its definition", () => {
    expect(facts.leastSamples).toBe(definitions[name].least);
  });

  it("recovers from the largest numbers", () => {
    const huge = Number.MAX_VALUE;
    const gap = new Array<number>(6).fill(Number.NaN);
    const calm = Array.from({ length: 12 }, (_, i) => (i * 7) % 5);
    const xs = [...calm, huge, -huge, huge, ...gap, -huge, ...calm];
    const feature = spec(name, rows(5));
    const got = (run([feature], seconds(xs.length), [xs, xs])[0] as number[]).slice(27);
    const want = define(feature, seconds(xs.length), [xs, xs]).slice(27);
    for (const [i, value] of got.entries()) {
      // an exponential mean never forgets altogether, but it stays a number
      if (name === "ewm_mean") expect(value).not.toBeNaN();
      else if (Number.isNaN(want[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(want[i] as number, 9);
    }
  });
});

describe.each(functionNames.filter((name) => factsOf(name).durations))("rolling %s", (name) => {
  it("equals its definition on durations of irregular times", () => {
    const table = fc
      .array(fc.tuple(samples(), samples()), { maxLength: 60 })
      .chain((pairs) => fc.tuple(fc.constant(pairs), irregularTimes(pairs.length)));
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 1, max: 20_000 }),
        fc.constantFrom(1, 2, 7, 10_000),
        fc.option(fc.integer({ min: 1, max: 6 })),
        ([pairs, times], ms, maxWindowRows, min) => {
          const feature = spec(name, duration(ms), { minPeriods: min, quantile: 0.3 });
          const columns = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          expectDefined(feature, times, columns, 0, maxWindowRows);
        },
      ),
    );
  });
});

it("a window of one row contains only that row", () => {
  const [mean, min, count] = run(
    [spec("mean", rows(1)), spec("min", rows(1)), spec("count", rows(1))],
    seconds(3),
    [[1, Number.NaN, 3]],
  );
  expect(mean).toEqual([1, Number.NaN, 3]);
  expect(min).toEqual([1, Number.NaN, 3]);
  expect(count).toEqual([1, 0, 1]);
});

it("without a window, diff compares with the row before and rate uses the last two rows", () => {
  const [diff, rate] = run([spec("diff", null), spec("rate", null)], [0, 500, 2500], [[1, 2, 8]]);
  expect(diff).toEqual([Number.NaN, 1, 6]);
  expect(rate).toEqual([Number.NaN, 2, 3]);
});
