import type { SampledColumn } from "../columns/sampled-column.ts";
import { cleanCell } from "../rows/cell.ts";

/** Values of a cycle, and cycles that prove it. */
const MOST_VALUES = 1000;
const MIN_CYCLES = 5;
/** Share of the times, or rows, that must fit. */
const MIN_SHARE = 0.9;
const WHOLE = /^\d{1,9}$/;
/** Names of numbers that may come round because they name sensors; an hour comes round, too. */
const ID = /(?:id|no|nr|num|number|node|mote|sensor|channel)$/i;
const CALENDAR: ReadonlySet<number> = new Set([7, 12, 24, 31, 60, 365]);

/**
 * Whether whole numbers tell sensors apart: each time has every number once, or numbers that may be ids come round in
 * the same order. O(rows).
 *
 * @param times The time of each row, as written; undefined: none.
 */
export function isCycle(
  { name, nameless, cells }: SampledColumn,
  times: readonly string[] | undefined,
): boolean {
  const values = cells.map(cleanCell);
  const distinct = new Set(values).size;
  const areFew = distinct > 1 && distinct <= MOST_VALUES && distinct * MIN_CYCLES <= values.length;
  if (!areFew || !values.every((value) => WHOLE.test(value))) return false;
  const mayBeId = (nameless && !CALENDAR.has(distinct)) || ID.test(name);
  if (mayBeId && comesRound(values, distinct)) return true;
  return isOncePerTime(values, times ?? [], distinct);
}

function comesRound(values: readonly string[], period: number): boolean {
  const same = values.filter(
    (value, row) => row >= period && value === values[row - period],
  ).length;
  const isAll = new Set(values.slice(0, period)).size === period;
  return isAll && same >= (values.length - period) * MIN_SHARE;
}

function isOncePerTime(
  values: readonly string[],
  times: readonly string[],
  distinct: number,
): boolean {
  const rows = new Map<string, string[]>();
  for (const [row, value] of values.entries()) {
    const time = times[row] ?? String(row);
    const own = rows.get(time);
    if (own === undefined) rows.set(time, [value]);
    else own.push(value);
  }
  const all = [...rows.values()];
  const whole = all.filter((own) => own.length > 1 && own.length * 2 >= distinct);
  const once = whole.filter((own) => new Set(own).size === own.length);
  return whole.length >= all.length * MIN_SHARE && once.length >= whole.length * MIN_SHARE;
}
