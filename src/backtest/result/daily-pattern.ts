import type { ReadingBuffer } from "../../buffer/reading-buffer.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import { featureName } from "../../core/features/names.ts";
import { WindowPlan } from "../../core/features/window-plan.ts";
import { WindowSet } from "../../core/features/window-set.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { BacktestResult } from "./backtest-result.ts";

const MS_PER_DAY = 86_400_000;
/** Days that a recording must span: the usual values need three, and four remain to test them on. */
const LEAST_DAYS = 7;
/** Share of the variance above which a pattern is worth a feature. */
const LEAST_SHARE = 0.25;
/** Sensors and newest readings of each that are tried. */
const MAX_SENSORS = 5;
const MAX_READINGS = 20_000;

/** A backtest that has ended. */
export interface Backtest {
  readonly plan: EnginePlan;
  readonly result: BacktestResult;
  readonly keys: KeyTable;
  readonly buffer: ReadingBuffer;
}

/**
 * Advises the feature `expected` for columns whose usual value at this time of day, or of the week, explains more than a
 * quarter of their variance, on the median of at most five sensors. About 1 µs a reading and column.
 *
 * @returns A sentence for each such column that a detector takes and that has no such feature.
 */
export function adviseExpected(backtest: Backtest): string[] {
  const { plan, result, keys, buffer } = backtest;
  if (!(result.to - result.from >= LEAST_DAYS * MS_PER_DAY)) return [];
  const used = new Set(
    plan.detectors
      .filter(({ config }) => scoresReadings(config))
      .flatMap(({ inputNames }) => inputNames),
  );
  const columns = plan.columns.filter((name) => used.has(name) && !used.has(nameOf(name)));
  if (columns.length === 0) return [];
  const shares = columns.map((): number[] => []);
  for (let key = 0; key < Math.min(keys.size, MAX_SENSORS); key++) {
    const rows = buffer.readings(MAX_READINGS, keys.name(key));
    const times = rows.map((row) => (row[buffer.columns.timestamp] as Date).getTime());
    for (const [c, column] of columns.entries()) {
      const values = rows.map((row) => (row[column] as number | null) ?? Number.NaN);
      shares[c]?.push(explainedShare(times, values));
    }
  }
  return columns.flatMap((column, c) => {
    const share = median(shares[c] ?? []);
    if (!(share > LEAST_SHARE)) return [];
    return (
      `${column} follows the time of day or of the week: its usual value then explains ${Math.round(100 * share)} % of its ` +
      `variance. Try the feature \`${nameOf(column)}\`, and compare the alerts with \`--compare\`.`
    );
  });
}

function nameOf(column: string): string {
  return featureName({ column, function: "expected", window: null, quantile: null });
}

/** Share of the variance that is gone without the usual values; NaN if there are none for at least four days. */
function explainedShare(times: readonly number[], values: readonly number[]): number {
  const ordered = Float64Array.from(times);
  for (let i = 1; i < ordered.length; i++) {
    ordered[i] = Math.max(ordered[i] as number, ordered[i - 1] as number);
  }
  const left = new Float64Array(values.length);
  const spec = { name: "x", function: "expected", column: 0, window: null } as const;
  const set = new WindowSet(
    new WindowPlan([{ ...spec, other: null, minPeriods: null, quantile: null }], 1, 1),
  );
  set.apply(ordered, [Float64Array.from(values)], values.length, [left]);
  const known = values.flatMap((_, i) => (Number.isNaN(left[i]) ? [] : i));
  const first = ordered[known[0] ?? 0] as number;
  const last = ordered[known.at(-1) ?? 0] as number;
  if (known.length === 0 || last - first < (LEAST_DAYS - 3) * MS_PER_DAY) return Number.NaN;
  const before = variance(known.map((i) => values[i] as number));
  return 1 - variance(known.map((i) => left[i] as number)) / before;
}

function variance(xs: readonly number[]): number {
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
  return xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length;
}

function median(xs: readonly number[]): number {
  const sorted = xs.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
