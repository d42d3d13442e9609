/** How one CSV input is written. Delimiter, line break and decimal mark are byte values. */
export interface CsvDialect {
  readonly delimiter: number;
  /** LF, also where it follows a CR; a lone CR only when the input has no LF. */
  readonly newline: number;
  /** `latin1` when the header is not UTF-8: then nothing is, and nothing is checked. */
  readonly encoding: "utf8" | "latin1";
  readonly decimalMark: number;
  /** Cells of the header as written, one a column; null when the first record holds readings already. */
  readonly header: readonly string[] | null;
  /** Cells of the first record, which R writes one shorter than the others. */
  readonly firstCells: number;
  /** Cells of every other record. */
  readonly cells: number;
}
