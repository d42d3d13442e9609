import type { RingColumn, RowHistory } from "./row-history.ts";

/** Relative tolerance, as clients round numbers. */
const TOLERANCE = 1e-6;

/** Whether a row has these values, within the tolerance. NaN equals NaN. */
export function sameVector(
  history: RowHistory,
  columns: readonly RingColumn[],
  row: number,
  values: Float64Array,
): boolean {
  for (let c = 0; c < columns.length; c++) {
    const own = history.at(columns[c] as RingColumn, row);
    const other = values[c] as number;
    if (own === other) continue;
    const near = Math.abs(own - other) <= TOLERANCE * Math.max(Math.abs(own), Math.abs(other));
    if (!near && !(Number.isNaN(own) && Number.isNaN(other))) return false;
  }
  return true;
}
