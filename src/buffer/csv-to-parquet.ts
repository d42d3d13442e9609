import type { Expr } from "nodejs-polars";
import { exactColumn } from "./exact-column.ts";
import { polars } from "./polars.ts";

/** What the cells of a column are; times are ISO 8601 with milliseconds and `Z`. */
export type CellType = "whole" | "number" | "flag" | "time" | "text";

/**
 * Makes a Parquet file of a CSV file with a header, an empty cell being null. It streams: memory does not
 * depend on the length of the file, some 100 MB.
 *
 * @param types Type of each column.
 * @throws {IotmonError} `ERR_UNAVAILABLE` where Polars does not run.
 * @throws {Error} Polars' own, e.g. when the disk is full.
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
