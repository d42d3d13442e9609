import { featureName } from "../core/features/names.ts";
import type { RollingFunctionName } from "../core/features/registry.ts";

/** What is looked at in every numeric column, beside the column itself. */
export const DEFAULT_FEATURES = [
  { function: "diff", rows: null },
  { function: "mean", rows: 10 },
  { function: "std", rows: 50 },
] as const satisfies readonly { function: RollingFunctionName; rows: number | null }[];

/** Name of one of the {@link DEFAULT_FEATURES} of a column: `temperature_mean_10`. */
export function defaultFeatureName(
  column: string,
  feature: (typeof DEFAULT_FEATURES)[number],
): string {
  return featureName({
    column,
    function: feature.function,
    window: feature.rows === null ? null : { kind: "rows", rows: feature.rows },
    quantile: null,
  });
}

/**
 * What a detector looks at when nothing is said: for every column `<column>`, `<column>_diff`,
 * `<column>_mean_10`, `<column>_std_50`, without those that are the name of another column.
 */
export function defaultDetectorFeatures(columns: readonly string[]): readonly string[] {
  const names = columns.flatMap((column) => [
    column,
    ...DEFAULT_FEATURES.map((feature) => defaultFeatureName(column, feature)),
  ]);
  return [...new Set(names)];
}
