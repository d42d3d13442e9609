import type { DataFrame, Expr, LazyDataFrame } from "nodejs-polars";
import { exactColumn, polars } from "../../../buffer/polars.ts";
import type { Cell } from "../rows/row-reader.ts";

/** The usable kinds of Parquet columns. */
export type ParquetKind = "number" | "time" | "text";

const NUMBERS = /^(U?Int\d+|Float\d+|Decimal|Bool)$/;
const TEXTS = /^(String|Utf8|Categorical|Enum)$/;
const US_PER_MS = 1000;

/** @returns null for lists, structures, binary data ... */
export function kindOf(variant: string): ParquetKind | null {
  if (NUMBERS.test(variant)) return "number";
  if (variant === "Datetime" || variant === "Date") return "time";
  return TEXTS.test(variant) ? "text" : null;
}

/** The column in a form that is cheap to fetch: doubles with NaN for null, or text. */
function fetchable(name: string, kind: ParquetKind): Expr {
  const pl = polars();
  const column = exactColumn(name);
  if (kind === "text") return column.cast(pl.Utf8);
  const number = kind === "time" ? column.cast(pl.Datetime("us")).cast(pl.Int64) : column;
  return number.cast(pl.Float64).fillNull(pl.lit(Number.NaN));
}

/** A usable column of the file. */
export interface ParquetField {
  readonly name: string;
  readonly kind: ParquetKind;
}

/**
 * The cells of rows `from` to `from + length`, one array per column.
 *
 * @throws {Error} An error of Polars if the file is damaged.
 */
export async function fetchRows(
  scan: LazyDataFrame,
  fields: readonly ParquetField[],
  from: number,
  length: number,
): Promise<readonly ArrayLike<Cell>[]> {
  if (fields.length === 0) return [];
  const columns = fields.map(({ name, kind }) => fetchable(name, kind));
  const frame = await scan
    .slice(from, length)
    .select(...columns)
    .collect();
  return fields.map(({ name, kind }) => cellsOf(frame, name, kind));
}

/** The cells of a fetched column: times as ms since the epoch, missing numbers NaN, missing texts empty. */
function cellsOf(frame: DataFrame, name: string, kind: ParquetKind): ArrayLike<Cell> {
  const series = frame.getColumn(name);
  if (kind === "text")
    return Array.from(series.toArray() as (string | null)[], (text) => text ?? "");
  const numbers = series.toTypedArray() as Float64Array;
  return kind === "time" ? numbers.map((us) => us / US_PER_MS) : numbers;
}

/** The message of Polars for an unreadable file, without the query plan. */
export function polarsReason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split("\n")[0] ?? "").slice(0, 200);
}
