import { z } from "zod";
import { type RollingFunctionName, rollingFunctions } from "../../core/features/registry.ts";
import { rowsOrDuration, text } from "../../io/setting-values.ts";

const names = Object.keys(rollingFunctions) as [RollingFunctionName, ...RollingFunctionName[]];
const rollingFunction = z.enum(names);

const shared = {
  min_periods: z
    .int()
    .min(1)
    .optional()
    .describe("Non-missing values that a window needs for a result; by default half of it."),
  quantile: z.number().min(0).max(1).optional().describe("Which quantile, 0 to 1."),
  other: text.optional().describe("Second column, for functions of two."),
};

const single = z.strictObject({
  name: text,
  column: text,
  function: rollingFunction,
  window: rowsOrDuration.optional().describe("Rows (10) or event time (5m)."),
  ...shared,
});

const product = z.strictObject({
  columns: z.array(text).min(1),
  functions: z.array(rollingFunction).min(1),
  windows: z.array(rowsOrDuration).min(1).optional().describe("Rows (10) or event time (5m)."),
  ...shared,
});

/** Maximum number of features, because a product of three lists is larger than any text. */
const MAX_FEATURES = 10_000;

/** `features`: rolling features, one by one or as columns x functions x windows. */
export const featuresSchema = z
  .array(z.union([single, product]))
  .refine((entries) => entries.reduce((sum, entry) => sum + countOf(entry), 0) <= MAX_FEATURES, {
    error: `must be at most ${MAX_FEATURES} features`,
  });

/** A feature given by name. */
export type SingleFeatureConfig = z.output<typeof single>;

/** Features named `<column>_<function>_<window>`, for every combination. */
export type FeatureProductConfig = z.output<typeof product>;

/** An entry of `features`, checked. */
export type FeatureEntry = SingleFeatureConfig | FeatureProductConfig;

function countOf(entry: FeatureEntry): number {
  if (!("columns" in entry)) return 1;
  const { columns, functions, windows } = entry;
  return columns.length * functions.length * (windows?.length ?? 1);
}
