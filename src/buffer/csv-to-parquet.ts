import type { Expr } from "nodejs-polars";
import { exactColumn, polars } from "./polars.ts";

/** Type of the cells of a column; times are ISO 8601 with milliseconds and `Z`. */
export type CellType = "whole" | "number" | "flag" | "time" | "text";

/**
 * Converts a CSV file with a header to a Parquet file; empty cells become null. It streams and takes about
 * 100 MB of memory for a file of any length.
 *
 * @param types Type of each column.
 * @throws {IotmonError} `ERR_UNAVAILABLE` if Polars does not load.
 * @throws {Error} Errors of Polars, such as a full disk.
 */
export async function csvToParquet(
  csv: string,
  parquet: string,
  types: ReadonlyMap<string, CellType>,
): Promise<void> {
  const columns = [...types].map(([name, type]) => typed(name, type));
  await polars()
    .scanCSV(csv, { inferSchemaLength: 0 }) // every column as text
    .select(...columns)
    .sinkParquet(parquet, { compression: "zstd" })
    .collect();
}

function typed(name: string, type: CellType): Expr {
  const pl = polars();
  const column = exactColumn(name);
  switch (type) {
    case "whole":
      return column.cast(pl.Int64);
    case "number":
      return column.cast(pl.Float64);
    case "flag":
      return column.eq(pl.lit("1")).alias(name);
    case "time":
      return column.str
        .strptime(pl.Datetime("ms"), "%Y-%m-%dT%H:%M:%S%.fZ")
        .cast(pl.Datetime("ms"));
    case "text":
      return column;
  }
}
