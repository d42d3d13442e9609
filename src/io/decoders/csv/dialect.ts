/** The dialect of a CSV input. Delimiter, line break and decimal mark are byte values. */
export interface CsvDialect {
  readonly delimiter: number;
  /** LF, also after a CR; CR only if the input has no LF. */
  readonly newline: number;
  /** `latin1` if the header is not UTF-8; the bytes are then not checked. */
  readonly encoding: "utf8" | "latin1";
  readonly decimalMark: number;
  /** Cells of the header as written, one per column; null: no header. */
  readonly header: readonly string[] | null;
  /** Lines before the first reading, header included, that are dropped; 0: only the header is above the readings. */
  readonly preamble: number;
  /** Number of cells in the first record; R writes one cell less than in the others. */
  readonly firstCells: number;
  /** Number of cells in every other record. */
  readonly cells: number;
}
