import { type RollingFunctionName, rollingFunctions } from "../../../src/core/features/registry.ts";
import type { RollingFunction } from "../../../src/core/features/rolling-function.ts";
import type { FeatureSpec } from "../../../src/core/features/spec.ts";
import { plainExpected } from "./plain-expected.ts";

/** What a definition sees at one row. */
interface Seen {
  /** Non-missing values of the window, oldest first; of functions of two only where both are there. */
  readonly xs: readonly number[];
  /** The second column at the same rows. */
  readonly ys: readonly number[];
  /** Event times of the same rows, ms. */
  readonly times: readonly number[];
  /** Rows of the window, missing ones included, oldest first. */
  readonly rows: readonly number[];
  /** The value at the row itself. */
  readonly newest: number;
  /** All values of the column up to the row, missing ones included. */
  readonly history: readonly number[];
  /** Their event times, ms. */
  readonly allTimes: readonly number[];
  readonly window: number;
  readonly quantile: number;
}

interface Definition {
  /** Values needed at least; null: no `min_periods`. */
  readonly least: number | null;
  /** Size of a rounding error that does not count: of the level, of the spread, of a pure number. */
  readonly scale: "level" | "spread" | "variance" | "pure" | "per second" | "per hour";
  of(seen: Seen): number;
}

/** The plain definition of every rolling function, in two passes where it has two. */
export const definitions: Record<RollingFunctionName, Definition> = {
  value: { least: null, scale: "level", of: ({ newest }) => newest },
  diff: {
    least: null,
    scale: "level",
    of: ({ newest, history, rows }) =>
      newest - last(history.slice(0, history.length - rows.length).filter(isThere)),
  },
  lag: { least: null, scale: "level", of: ({ rows }) => rows[0] ?? Number.NaN },
  rate: {
    least: 2,
    scale: "per second",
    of: ({ xs, times }) => (last(xs) - first(xs)) / ((last(times) - first(times)) / 1000),
  },
  meter_rate: {
    least: 2,
    scale: "per hour",
    of: ({ xs, times }) => {
      const steps = xs.slice(1).map((x, i) => [x, xs[i], times[i + 1], times[i]] as number[]);
      const counted = steps.filter(([x = 0, before = 0]) => !isReset(before, x));
      const hours = total(counted.map(([, , now = 0, then = 0]) => now - then)) / 3_600_000;
      return total(counted.map(([x = 0, before = 0]) => x - before)) / hours;
    },
  },
  mean: { least: 1, scale: "level", of: ({ xs }) => mean(xs) },
  ewm_mean: { least: 1, scale: "level", of: ewmMean },
  median: { least: 1, scale: "level", of: ({ xs }) => quantile(xs, 0.5) },
  sum: { least: 1, scale: "level", of: ({ xs }) => xs.reduce((a, b) => a + b, 0) },
  rms: { least: 1, scale: "level", of: ({ xs }) => Math.sqrt(mean(xs.map((x) => x * x))) },
  std: { least: 2, scale: "spread", of: ({ xs }) => Math.sqrt(sampleVariance(xs)) },
  var: { least: 2, scale: "variance", of: ({ xs }) => sampleVariance(xs) },
  mad: {
    least: 1,
    scale: "level",
    of: ({ xs }) => {
      const middle = quantile(xs, 0.5);
      const deviations = xs.map((x) => Math.abs(x - middle));
      return quantile(deviations, 0.5);
    },
  },
  skew: { least: 2, scale: "pure", of: ({ xs }) => moment(xs, 3) / moment(xs, 2) ** 1.5 },
  kurtosis: { least: 2, scale: "pure", of: ({ xs }) => moment(xs, 4) / moment(xs, 2) ** 2 - 3 },
  min: { least: 1, scale: "level", of: ({ xs }) => Math.min(...xs) },
  max: { least: 1, scale: "level", of: ({ xs }) => Math.max(...xs) },
  range: { least: 1, scale: "level", of: ({ xs }) => Math.max(...xs) - Math.min(...xs) },
  quantile: { least: 1, scale: "level", of: ({ xs, quantile: q }) => quantile(xs, q) },
  slope: {
    least: 2,
    scale: "per second",
    of: ({ xs, times }) => (1000 * comoment(times, xs)) / moment(times, 2),
  },
  zscore: {
    least: 2,
    scale: "pure",
    of: ({ xs, newest }) => (newest - mean(xs)) / Math.sqrt(sampleVariance(xs)),
  },
  count: { least: null, scale: "pure", of: ({ xs }) => xs.length },
  missing: { least: null, scale: "pure", of: ({ xs, rows }) => 1 - xs.length / rows.length },
  corr: {
    least: 2,
    scale: "pure",
    of: ({ xs, ys }) => comoment(xs, ys) / Math.sqrt(moment(xs, 2) * moment(ys, 2)),
  },
  expected: {
    least: null,
    scale: "level",
    of: ({ history, allTimes }) => last(plainExpected(history, allTimes)),
  },
};

/** One feature of a whole column, each row from its definition alone. O(rows^2). */
export function define(
  spec: FeatureSpec,
  times: readonly number[],
  columns: readonly (readonly number[])[],
  maxWindowRows = Number.POSITIVE_INFINITY,
): number[] {
  const column = columns[spec.column] as readonly number[];
  return times.map((_, i) => {
    const from = windowStart(spec, times, i, maxWindowRows);
    if (from === null) return Number.NaN;
    return defineAt(spec, times, columns, column, from, i);
  });
}

function defineAt(
  spec: FeatureSpec,
  times: readonly number[],
  columns: readonly (readonly number[])[],
  column: readonly number[],
  from: number,
  i: number,
): number {
  if (isPair(spec)) return pairAt(spec, times, column, i);
  const { least, of } = definitions[spec.function];
  const facts: RollingFunction = rollingFunctions[spec.function];
  const other = columns[spec.other ?? spec.column] as readonly number[];
  const window = Array.from({ length: i + 1 - from }, (_, k) => from + k);
  if (facts.lookback) window.pop();
  const there = window.filter((k) => !Number.isNaN(column[k]) && !Number.isNaN(other[k]));
  const rows = spec.function === "ewm_mean" ? rowsOf(spec) : window.length;
  const count =
    spec.function === "ewm_mean" ? column.slice(0, i + 1).filter(isThere).length : there.length;
  const needed = Math.max(least ?? 0, spec.minPeriods ?? Math.ceil(rows / 2));
  if (least !== null && count < needed) return Number.NaN;
  const result = of({
    xs: there.map((k) => column[k] as number),
    ys: there.map((k) => other[k] as number),
    times: there.map((k) => times[k] as number),
    rows: window.map((k) => column[k] as number),
    newest: column[i] as number,
    history: column.slice(0, i + 1),
    allTimes: times.slice(0, i + 1),
    window: rowsOf(spec),
    quantile: spec.quantile ?? Number.NaN,
  });
  return Number.isFinite(result) ? result : Number.NaN;
}

/** Whether a rate is that between two values, whatever is missing between them. */
function isPair({ function: name, window }: FeatureSpec): boolean {
  const rows = window === null ? 2 : window.kind === "rows" ? window.rows : null;
  return rows === 2 && (name === "rate" || name === "meter_rate");
}

function pairAt(
  spec: FeatureSpec,
  times: readonly number[],
  column: readonly number[],
  i: number,
): number {
  const before = column.slice(0, i).findLastIndex(isThere);
  if (before < 0 || Number.isNaN(column[i])) return Number.NaN;
  const result = definitions[spec.function].of({
    ...{ ys: [], rows: [], history: [], allTimes: [], window: 2, quantile: Number.NaN },
    xs: [column[before] as number, column[i] as number],
    times: [times[before] as number, times[i] as number],
    newest: column[i] as number,
  });
  return Number.isFinite(result) ? result : Number.NaN;
}

/** First row of the window at row i, the row itself included; null before it has been filled once. */
function windowStart(
  spec: FeatureSpec,
  times: readonly number[],
  i: number,
  maxWindowRows: number,
): number | null {
  const facts: RollingFunction = rollingFunctions[spec.function];
  const window = spec.window ?? facts.defaultWindow;
  if (window === null) throw new Error(`${spec.function} needs a window`);
  if (window.kind === "rows") {
    const start = i + 1 - window.rows - (facts.lookback ? 1 : 0);
    return start < 0 ? null : start;
  }
  const now = times[i] as number;
  if (now - (times[0] as number) < window.ms) return null;
  const start = times.findIndex((time) => time > now - window.ms);
  return Math.max(start, i + 1 - maxWindowRows);
}

function rowsOf(spec: FeatureSpec): number {
  return spec.window?.kind === "rows" ? spec.window.rows : Number.NaN;
}

function ewmMean({ history, newest, window }: Seen): number {
  if (Number.isNaN(newest)) return Number.NaN;
  const values = history.filter(isThere).toReversed();
  const weights = values.map((_, age) => (1 - 2 / (window + 1)) ** age);
  const shifted = values.map((x, age) => (x - newest) * (weights[age] as number));
  return newest + total(shifted) / total(weights);
}

function isThere(x: number): boolean {
  return !Number.isNaN(x);
}

/** After a fall to at most the half, a meter has begun again at 0. */
function isReset(before: number, x: number): boolean {
  return before > 0 && x >= 0 && x <= before / 2;
}

function first(xs: readonly number[]): number {
  return xs[0] ?? Number.NaN;
}

function last(xs: readonly number[]): number {
  return xs.at(-1) ?? Number.NaN;
}

function total(xs: readonly number[]): number {
  return xs.reduce((a, b) => a + b, 0);
}

function mean(xs: readonly number[]): number {
  return first(xs) + total(xs.map((x) => x - first(xs))) / xs.length;
}

/** Mean of the k-th power of the deviations from the mean; exactly 0 for equal values. */
function moment(xs: readonly number[], k: number): number {
  return total(deviations(xs).map((d) => d ** k)) / xs.length;
}

function comoment(xs: readonly number[], ys: readonly number[]): number {
  const dy = deviations(ys);
  return total(deviations(xs).map((d, i) => d * (dy[i] as number))) / xs.length;
}

function deviations(xs: readonly number[]): number[] {
  const shifted = xs.map((x) => x - first(xs));
  const middle = total(shifted) / xs.length;
  return shifted.map((d) => d - middle);
}

function sampleVariance(xs: readonly number[]): number {
  return (moment(xs, 2) * xs.length) / (xs.length - 1);
}

function quantile(xs: readonly number[], q: number): number {
  const sorted = xs.toSorted((a, b) => a - b);
  const position = q * (sorted.length - 1);
  const low = sorted[Math.floor(position)] as number;
  const high = sorted[Math.ceil(position)] as number;
  return low + (position % 1) * (high - low);
}
