import type { ChalkInstance } from "chalk";
import Table from "cli-table3";

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/**
 * A table without borders: a heading, and one line per row.
 *
 * @param alignRight Indices of right-aligned columns.
 */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  color: ChalkInstance,
  alignRight: readonly number[] = [],
): string[] {
  const table = new Table({
    chars: NO_LINES,
    colAligns: head.map((_, c) => (alignRight.includes(c) ? "right" : "left")),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  table.push(
    head.map((title) => color.bold(title)),
    ...rows.map((row) => [...row]),
  );
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
