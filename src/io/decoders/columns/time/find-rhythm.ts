import { compileTime } from "../../../../core/timestamp/compile-time.ts";
import { CellText } from "../../../../core/timestamp/format/cell-text.ts";
import type { TimePlan } from "../../../../core/timestamp/time-plan.ts";
import type { Rhythm } from "../../input-profile.ts";
import type { SampledColumn } from "../sampled-column.ts";

/** First rows that are looked at: more would slow down every start, and hardly change a median. */
const MAX_ROWS = 1000;
/** Intervals that a usual one needs. */
const LEAST_INTERVALS = 10;

/**
 * How often sensors report in a sample: the median of the intervals between readings of one sensor. Null: there are too
 * few, or the sample does not go forward in time. From its first 1000 rows.
 *
 * @param key Column of the sensors; null: there is one sensor.
 */
export function findRhythm(
  columns: readonly SampledColumn[],
  plan: TimePlan,
  key: string | null,
): Rhythm | null {
  const sensors = cellsOf(columns, key ?? "");
  const codes = new Map<string, number>();
  const readTime = timeReader(columns, plan);
  const last: number[] = [];
  const intervals: number[] = [];
  let firstMs = Number.POSITIVE_INFINITY;
  const rows = Math.min(columns[0]?.cells.length ?? 0, MAX_ROWS);
  for (let row = 0; row < rows; row++) {
    const sensor = sensors[row] ?? "";
    const code = codes.get(sensor) ?? codes.size;
    codes.set(sensor, code);
    const time = readTime(row, code);
    const before = last[code] ?? time;
    if (Number.isNaN(time)) continue;
    firstMs = Math.min(firstMs, time);
    if (time > before) intervals.push(time - before);
    last[code] = Math.max(before, time);
  }
  if (intervals.length < LEAST_INTERVALS) return null;
  intervals.sort((a, b) => a - b);
  const at = (share: number): number => intervals[Math.floor(share * (intervals.length - 1))] ?? 0;
  return { key, firstMs, usualMs: at(0.5), longMs: at(0.99) };
}

/** Reads the time of a row of the sensor with a code; NaN: none. */
function timeReader(
  columns: readonly SampledColumn[],
  plan: TimePlan,
): (row: number, code: number) => number {
  const parts = plan.columns.map((name) => cellsOf(columns, name));
  const reader = compileTime(plan);
  const text = new CellText();
  return (row, code) => {
    text.clear();
    for (const cells of parts) text.add(cells[row] ?? "");
    const written = reader.read(text);
    if (Number.isNaN(written) || !reader.isOpen) return written;
    return reader.clock?.resolve(written, code) ?? written;
  };
}

function cellsOf(columns: readonly SampledColumn[], name: string): readonly string[] {
  return columns.find((column) => column.name === name)?.cells ?? [];
}
