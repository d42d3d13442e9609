import type { RollingFunctionName } from "./registry.ts";
import type { Window } from "./rolling-function.ts";

/** One feature, resolved against the layout. */
export interface FeatureSpec {
  readonly name: string;
  readonly function: RollingFunctionName;
  /** Index into `Batch.columns`. */
  readonly column: number;
  /** Index of the second column for functions of two columns; else null. */
  readonly other: number | null;
  /** Null for functions without a window (`value`) or with their default (`diff`, `rate`). */
  readonly window: Window | null;
  /** Non-null values needed in the window; null: the function's default. */
  readonly minPeriods: number | null;
  /** 0..1, for `quantile`; else null. */
  readonly quantile: number | null;
}
