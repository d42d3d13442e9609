import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import type { ColumnSummary } from "../../buffer/column-summary.ts";
import { formatCount } from "./format.ts";

const HEAD = ["COLUMN", "COUNT", "NULLS", "MEAN", "STD", "MIN", "25 %", "MEDIAN", "75 %", "MAX"];

/** Statistics of the numeric columns, a row each. */
export function columnTable(columns: readonly ColumnSummary[], color: ChalkInstance): string {
  const table = new Table({
    head: HEAD.map((title) => color.bold(title)),
    colAligns: HEAD.map((_, i) => (i === 0 ? "left" : "right")),
    style: { head: [], border: color.level > 0 ? ["gray"] : [], compact: true },
  });
  for (const { column, count, nulls, ...statistics } of columns) {
    const { mean, std, min, q25, median, q75, max } = statistics;
    table.push([
      column,
      formatCount(count),
      formatCount(nulls),
      ...[mean, std, min, q25, median, q75, max].map(significant),
    ]);
  }
  return table.toString();
}

/** Five significant digits, without trailing zeros. */
function significant(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(5)));
}
