import type { ProfiledColumn } from "../columns/sampled-column.ts";
import { cleanCell } from "../rows/cell.ts";

/** Share of the times of a sensor that must have several rows, and that may have rows which do not fit together. */
const MIN_JOINED = 0.5;
const MAX_TWICE = 0.02;
/** Times that prove something. */
const MIN_TIMES = 3;

/**
 * Whether rows of one sensor with the same time complement each other: no numeric column has a value in two of them.
 * O(cells).
 *
 * @param times Columns that hold the time; empty: none.
 * @param key Columns that name the sensor.
 */
export function complementEachOther(
  columns: readonly ProfiledColumn[],
  times: readonly string[],
  key: readonly string[],
): boolean {
  const numbers = columns.filter(({ profile }) => profile.role === "number");
  if (times.length === 0 || !numbers.some(({ profile }) => profile.missing > 0)) return false;
  const around = columns.filter(({ name }) => times.includes(name) || key.includes(name));
  const groups = new Map<string, { rows: number; isTwice: boolean; filled: Set<number> }>();
  const rows = columns[0]?.cells.length ?? 0;
  for (let row = 0; row < rows; row++) {
    const name = around.map(({ cells }) => cleanCell(cells[row] ?? "")).join("\n");
    const group = groups.get(name) ?? { rows: 0, isTwice: false, filled: new Set<number>() };
    group.rows += 1;
    for (const [c, { cells }] of numbers.entries()) {
      if (cleanCell(cells[row] ?? "") === "") continue;
      if (group.filled.has(c)) group.isTwice = true;
      group.filled.add(c);
    }
    groups.set(name, group);
  }
  const all = [...groups.values()];
  const joined = all.filter((group) => group.rows > 1 && !group.isTwice).length;
  const twice = all.filter(({ isTwice }) => isTwice).length;
  return joined >= Math.max(MIN_TIMES, all.length * MIN_JOINED) && twice <= all.length * MAX_TWICE;
}
