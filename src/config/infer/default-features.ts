import { featureName } from "../../core/features/names.ts";
import type { RollingFunctionName } from "../../core/features/registry.ts";

/** A feature that every numeric column gets. */
export interface StandardFeature {
  readonly function: RollingFunctionName;
  /** Window in rows; null for a function without a window. */
  readonly rows: number | null;
}

/** Default features of every numeric column. */
export const DEFAULT_FEATURES = [
  { function: "diff", rows: null },
  { function: "mean", rows: 10 },
  { function: "std", rows: 50 },
] as const satisfies readonly StandardFeature[];

/** Features of a meter, which stand for the column itself: its value only grows. */
export const METER_FEATURES = [
  { function: "meter_rate", rows: null },
  { function: "meter_rate", rows: 10 },
] as const satisfies readonly StandardFeature[];

/** Name of a standard feature of a column: `temperature_mean_10`. */
export function standardFeatureName(column: string, feature: StandardFeature): string {
  return featureName({
    column,
    function: feature.function,
    window: feature.rows === null ? null : { kind: "rows", rows: feature.rows },
    quantile: null,
  });
}

/** Columns, and which of them are meters. */
export interface WatchedColumns {
  readonly numeric: readonly string[];
  /** Names of columns that only grow, and begin again at 0 now and then; undefined: none. */
  readonly meters?: readonly string[] | undefined;
}

/**
 * The default inputs of a detector: for every column `<column>`, `<column>_diff`, `<column>_mean_10`,
 * `<column>_std_50`; for a meter `<column>_meter_rate` and `<column>_meter_rate_10`. A name that is also the name of a
 * column appears once.
 */
export function defaultDetectorFeatures(columns: WatchedColumns): readonly string[] {
  return standardDetectorFeatures(columns, DEFAULT_FEATURES, true);
}

/** Inputs of a detector from given features, with or without the columns themselves. */
export function standardDetectorFeatures(
  { numeric, meters = [] }: WatchedColumns,
  features: readonly StandardFeature[],
  withColumns: boolean,
): readonly string[] {
  const names = numeric.flatMap((column) => {
    const isMeter = meters.includes(column);
    return [
      ...(withColumns && !isMeter ? [column] : []),
      ...(isMeter ? METER_FEATURES : features).map((feature) =>
        standardFeatureName(column, feature),
      ),
    ];
  });
  return [...new Set(names)];
}
