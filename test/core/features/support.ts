import fc from "fast-check";
import { type RollingFunctionName, rollingFunctions } from "../../../src/core/features/registry.ts";
import type { RollingFunction, Window } from "../../../src/core/features/rolling-function.ts";
import type { FeatureSpec } from "../../../src/core/features/spec.ts";
import { WindowPlan } from "../../../src/core/features/window-plan.ts";
import { WindowSet } from "../../../src/core/features/window-set.ts";

/** Names of all rolling functions. */
export const functionNames = Object.keys(rollingFunctions) as RollingFunctionName[];

/** Facts about a function, as the general type. */
export function factsOf(name: RollingFunctionName): RollingFunction {
  return rollingFunctions[name];
}

/** Window of so many rows. */
export function rows(count: number): Window {
  return { kind: "rows", rows: count };
}

/** Window of so much event time. */
export function duration(ms: number): Window {
  return { kind: "duration", ms };
}

/** A feature of column 0 (and 1, for functions of two), as far as the function takes the settings. */
export function spec(
  name: RollingFunctionName,
  window: Window | null,
  settings: { minPeriods?: number | null; quantile?: number } = {},
): FeatureSpec {
  const facts = factsOf(name);
  return {
    name,
    function: name,
    column: 0,
    other: facts.columns === 2 ? 1 : null,
    window: facts.window === "none" ? null : window,
    minPeriods: settings.minPeriods ?? null,
    quantile: facts.quantile ? (settings.quantile ?? 0.5) : null,
  };
}

/** Every function on every one of the windows it takes. */
export function everySpec(windows: readonly Window[]): FeatureSpec[] {
  return functionNames.flatMap((name) =>
    windows
      .filter((window) => window.kind === "rows" || factsOf(name).durations)
      .map((window) => spec(name, window, { quantile: 0.3 })),
  );
}

/** Event times a second apart. */
export function seconds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 1.7e12 + 1000 * i);
}

/** All features of all rows, in one call. */
export function run(
  specs: readonly FeatureSpec[],
  times: readonly number[],
  columns: readonly (readonly number[])[],
  maxWindowRows = 10_000,
): number[][] {
  const set = new WindowSet(new WindowPlan(specs, columns.length, maxWindowRows));
  const out = specs.map(() => new Float64Array(times.length));
  const typed = columns.map((column) => Float64Array.from(column));
  set.apply(Float64Array.from(times), typed, times.length, out);
  return out.map((feature) => [...feature]);
}

/** Values on a grid of 1/8 about `level`, with gaps: sums of few are exact, so spreads are 0 or not. */
export function samples(level = 0): fc.Arbitrary<number> {
  const value = fc.integer({ min: -800, max: 800 }).map((x) => level + x / 8);
  return fc.oneof(
    { weight: 8, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
}

/** Event times of `count` rows: irregular, some of one instant, some far apart. */
export function irregularTimes(count: number): fc.Arbitrary<number[]> {
  const step = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 3000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 3000, max: 60_000 }) },
  );
  return fc.array(step, { minLength: count, maxLength: count }).map((steps) => {
    let time = 1.7e12;
    return steps.map((ms) => {
      time += ms;
      return time;
    });
  });
}

/** A repeatable series of uniform numbers in [0, 1). */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
