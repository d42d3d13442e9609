import type { ReadingBuffer } from "./reading-buffer.ts";
import type { RowSelection } from "./row-selection.ts";

/** How rows are written. */
export type RowsFormat = "json" | "csv" | "parquet";

/** Rows, written. */
export interface ExportedRows {
  readonly rows: number;
  /** JSON: a list of objects. CSV: with a header, a missing value being empty. */
  readonly content: string | Buffer;
}

/**
 * Writes rows of a buffer; times are UTC, in text ISO 8601 with milliseconds and `Z`. Takes some
 * microseconds a row, in one go.
 *
 * @throws {IotmonError} `ERR_UNAVAILABLE` where Polars does not run.
 */
export function exportRows(
  buffer: ReadingBuffer,
  selection: RowSelection,
  format: RowsFormat,
): ExportedRows {
  const frame = buffer.select(selection);
  const rows = frame.height;
  switch (format) {
    case "json":
      return { rows, content: JSON.stringify(frame.toRecords()) };
    case "csv":
      return { rows, content: frame.writeCSV({ datetimeFormat: CSV_TIME }) };
    case "parquet":
      return { rows, content: frame.writeParquet({ compression: "zstd" }) };
  }
}

const CSV_TIME = "%Y-%m-%dT%H:%M:%S%.3fZ";
