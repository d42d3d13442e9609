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
  /** Their units, for explanations too, "" where there is none; undefined: no input has one. */
  readonly inputUnits?: readonly string[] | undefined;
  readonly alerts: AlertConfig;
}

/** Features that share a history: what is added to a running pipeline later has its own. */
export interface WindowSetPlan {
  /** Name of the saved piece. */
  readonly name: string;
  /** How many features, going on in `features` where the set before ends. */
  readonly size: number;
}

/** A checked pipeline, ready to run: what the engine is built from, and nothing it could get wrong. */
export interface EnginePlan {
  /** Pipeline name; goes into episode ids. */
  readonly pipeline: string;
  /** Numeric columns, in the order of `Batch.columns`. */
  readonly columns: readonly string[];
  readonly features: readonly FeatureSpec[];
  /** Undefined: all features are one set, `windows`. */
  readonly windowSets?: readonly WindowSetPlan[] | undefined;
  readonly detectors: readonly DetectorPlan[];
  /** Rows a duration window may hold at the most. */
  readonly maxWindowRows: number;
}

/** The window sets of a plan, with the default filled in. */
export function windowSets({ windowSets, features }: EnginePlan): readonly WindowSetPlan[] {
  return windowSets ?? [{ name: "windows", size: features.length }];
}

/** The part of `list`, one entry a feature, that belongs to each window set. */
export function bySet<T>(plan: EnginePlan, list: readonly T[]): readonly (readonly T[])[] {
  let from = 0;
  return windowSets(plan).map(({ size }) => {
    from += size;
    return list.slice(from - size, from);
  });
}
