import type { ChalkInstance } from "chalk";
import type { ColumnSummary } from "../../../../buffer/column-summary.ts";
import { formatCount, printable, significant } from "../../../render/format.ts";
import { plainTable } from "../../../render/plain-table.ts";

const HEAD = ["COLUMN", "COUNT", "NULLS", "MEAN", "STD", "MIN", "25 %", "MEDIAN", "75 %", "MAX"];

/** Statistics of the numeric columns, a row each. */
export function columnTable(columns: readonly ColumnSummary[], color: ChalkInstance): string[] {
  const rows = columns.map(({ column, count, nulls, mean, std, min, q25, median, q75, max }) => [
    printable(column),
    formatCount(count),
    formatCount(nulls),
    ...[mean, std, min, q25, median, q75, max].map((value) =>
      value === null ? "–" : significant(value),
    ),
  ]);
  const numbers = HEAD.map((_, c) => c).slice(1);
  return plainTable(HEAD, rows, color, numbers);
}
