import type { DataFrame } from "nodejs-polars";
import { polars } from "./polars.ts";

/** Statistics of a numeric column. Null where there are too few samples, or where samples near 1e308 overflow. */
export interface ColumnSummary {
  readonly column: string;
  /** Number of samples that are not missing. */
  readonly count: number;
  readonly nulls: number;
  readonly mean: number | null;
  /** Sample standard deviation (n - 1). */
  readonly std: number | null;
  readonly min: number | null;
  /** Quartiles, interpolated linearly. */
  readonly q25: number | null;
  readonly median: number | null;
  readonly q75: number | null;
  readonly max: number | null;
}

const SAMPLES = "samples";

/** Computes the statistics of a numeric column of `frame`. O(n log n). */
export function summarizeColumn(frame: DataFrame, column: string): ColumnSummary {
  const pl = polars();
  // renamed, as Polars reads `*` and `^...$` as patterns
  const series = frame.getColumn(column).alias(SAMPLES);
  const samples = pl.col(SAMPLES);
  const [row] = pl
    .DataFrame([series])
    .select(
      samples.count().alias("count"),
      samples.nullCount().alias("nulls"),
      samples.mean().alias("mean"),
      samples.std().alias("std"),
      samples.min().alias("min"),
      samples.median().alias("median"),
      samples.max().alias("max"),
    )
    .toRecords() as unknown as [Omit<ColumnSummary, "column" | "q25" | "q75">];
  const quantile = (q: number) => finite(series.quantile(q, "linear") as number | null);
  const { count, nulls, min, max } = row;
  return {
    ...{ column, count, nulls, mean: finite(row.mean), std: finite(row.std), min },
    ...{ q25: quantile(0.25), median: finite(row.median), q75: quantile(0.75), max },
  };
}

function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null;
}
