import type { DataFrame } from "nodejs-polars";
import { exactColumn, polars } from "./polars.ts";
import type { ReadingBuffer, RowSelection } from "./reading-buffer.ts";

/** Format of exported rows. */
export type RowsFormat = "json" | "csv" | "parquet";

/** Exported rows. */
export interface ExportedRows {
  readonly rows: number;
  /** JSON: a list of objects. CSV: with a header; a missing value is empty; texts are {@link withoutFormulas}. */
  readonly content: string | Buffer;
}

/**
 * Exports rows of a buffer. Times are UTC; in text, ISO 8601 with milliseconds and `Z`. Synchronous, a few
 * microseconds per row.
 *
 * @param wholeColumns Columns of whole numbers: CSV has them without `.0`.
 * @throws {IotmonError} `ERR_UNAVAILABLE` if Polars does not load.
 */
export function exportRows(
  buffer: ReadingBuffer,
  selection: RowSelection,
  format: RowsFormat,
  wholeColumns: readonly string[] = [],
): ExportedRows {
  const frame = buffer.select(selection);
  const rows = frame.height;
  switch (format) {
    case "json":
      return { rows, content: JSON.stringify(frame.toRecords()) };
    case "csv":
      return {
        rows,
        content: withoutFormulas(withWhole(frame, wholeColumns)).writeCSV({
          datetimeFormat: CSV_TIME,
        }),
      };
    case "parquet":
      return { rows, content: frame.writeParquet({ compression: "zstd" }) };
  }
}

const MAX_WHOLE = 2 ** 63;

/** Casts columns that hold only whole numbers of 64 bits. */
function withWhole(frame: DataFrame, names: readonly string[]): DataFrame {
  const whole = names.filter((name) =>
    (frame.getColumn(name).toArray() as unknown[]).every(
      (value) =>
        value === null || (Number.isInteger(value) && Math.abs(value as number) < MAX_WHOLE),
    ),
  );
  return frame.withColumns(...whole.map((name) => exactColumn(name).cast(polars().Int64)));
}

/** Start of a text that spreadsheets read as a formula. */
const FORMULA = "^([=+\\-@\\t\\r\\n])";
const SAFE = "'$1";

/** Puts a `'` before texts and names that a spreadsheet would run as a formula, because sensors send them. */
function withoutFormulas(frame: DataFrame): DataFrame {
  // not Utf8: frames call the same type String
  const texts = frame.columns.filter((_, i) => frame.dtypes[i]?.equals(polars().String));
  const names = frame.columns.filter((name) => new RegExp(FORMULA).test(name));
  const safe = frame.withColumns(
    ...texts.map((name) => exactColumn(name).str.replace(FORMULA, SAFE)),
  );
  return safe.rename(
    Object.fromEntries(names.map((name) => [name, name.replace(new RegExp(FORMULA), SAFE)])),
  );
}

const CSV_TIME = "%Y-%m-%dT%H:%M:%S%.3fZ";
