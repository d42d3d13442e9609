import type { ChalkInstance } from "chalk";
import type { ColumnSummary } from "../../buffer/column-summary.ts";
import { formatCount, printable } from "./format.ts";
import { plainTable } from "./plain-table.ts";

const HEAD = ["COLUMN", "COUNT", "NULLS", "MEAN", "STD", "MIN", "25 %", "MEDIAN", "75 %", "MAX"];

/** Statistics of the numeric columns, a row each. */
export function columnTable(columns: readonly ColumnSummary[], color: ChalkInstance): string[] {
  const rows = columns.map(({ column, count, nulls, mean, std, min, q25, median, q75, max }) => [
    printable(column),
    formatCount(count),
    formatCount(nulls),
    ...[mean, std, min, q25, median, q75, max].map(significant),
  ]);
  const numbers = HEAD.map((_, c) => c).slice(1);
  return plainTable(HEAD, rows, color, numbers);
}

/** Five significant digits, without trailing zeros. */
function significant(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(5)));
}
