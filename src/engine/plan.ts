import type { AlertConfig } from "../core/alerts/config.ts";
import type { DetectorConfig } from "../core/detectors/registry.ts";
import type { FeatureSpec } from "../core/features/spec.ts";

/** A detector, resolved: its inputs are numbers, its defaults are filled in. */
export interface DetectorPlan {
  readonly name: string;
  readonly config: DetectorConfig;
  /**
   * What it looks at: an index below `columns.length` is that raw column, the rest are features
   * (`index - columns.length` into `features`).
   */
  readonly inputs: readonly number[];
  /** Names of the inputs, for explanations. */
  readonly inputNames: readonly string[];
  readonly alerts: AlertConfig;
}

/** A checked pipeline, ready to run: what the engine is built from, and nothing it could get wrong. */
export interface EnginePlan {
  /** Pipeline name; goes into episode ids. */
  readonly pipeline: string;
  /** Numeric columns, in the order of `Batch.columns`. */
  readonly columns: readonly string[];
  readonly features: readonly FeatureSpec[];
  readonly detectors: readonly DetectorPlan[];
  /** Rows a duration window may hold at the most. */
  readonly maxWindowRows: number;
}
