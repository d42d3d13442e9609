import type { AlertConfig } from "../core/alerts/config.ts";
import { type DetectorConfig, learningOf } from "../core/detectors/registry.ts";
import type { FeatureSpec } from "../core/features/spec.ts";

/** A resolved detector: inputs are indices, defaults are filled in. */
export interface DetectorPlan {
  readonly name: string;
  readonly config: DetectorConfig;
  /**
   * Indices of the inputs: below `columns.length` a raw column, from there on a feature
   * (`index - columns.length` in `features`).
   */
  readonly inputs: readonly number[];
  /** Names of the inputs, for explanations. */
  readonly inputNames: readonly string[];
  /** Units of the inputs, for explanations, "" for none; undefined: no input has a unit. */
  readonly inputUnits?: readonly string[] | undefined;
  readonly alerts: AlertConfig;
}

/** Share of anomalous readings that a detector expects; null: it is a rule, or an alert budget decides. */
export function contaminationOf({ config, alerts }: DetectorPlan): number | null {
  return alerts.budget === null ? (learningOf(config)?.contamination ?? null) : null;
}

/** Features that share a history. Features added to a running pipeline get their own set. */
export interface WindowSetPlan {
  /** Name of the saved part. */
  readonly name: string;
  /** Number of features; they follow those of the previous set in `features`. */
  readonly size: number;
}

/** A checked pipeline, from which an engine is built. */
export interface EnginePlan {
  /** Pipeline name; part of episode ids. */
  readonly pipeline: string;
  /** Numeric columns, in the order of `Batch.columns`. */
  readonly columns: readonly string[];
  readonly features: readonly FeatureSpec[];
  /** Undefined: all features form one set, `windows`. */
  readonly windowSets?: readonly WindowSetPlan[] | undefined;
  readonly detectors: readonly DetectorPlan[];
  /** Maximum number of rows in a duration window. */
  readonly maxWindowRows: number;
  /** Column of the values of a wide table without a name of its own: messages name it after the sensor. */
  readonly sensorColumn?: string | undefined;
}

/** The window sets of a plan. */
export function windowSets({ windowSets, features }: EnginePlan): readonly WindowSetPlan[] {
  return windowSets ?? [{ name: "windows", size: features.length }];
}

/** Splits `list`, which has one entry per feature, by window set. */
export function bySet<T>(plan: EnginePlan, list: readonly T[]): readonly (readonly T[])[] {
  let from = 0;
  return windowSets(plan).map(({ size }) => {
    from += size;
    return list.slice(from - size, from);
  });
}
