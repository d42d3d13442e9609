import type { AlertConfig } from "../../core/alerts/config.ts";
import type { DetectorConfig } from "../../core/detectors/registry.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** Features that were defined together and so have seen the same rows. */
export interface FeatureSet {
  /** Unique within the pipeline. */
  readonly name: string;
  readonly specs: readonly FeatureSpec[];
}

/** A detector at work in a pipeline; the same object as long as it is the same detector. */
export interface LiveDetector {
  readonly name: string;
  readonly config: DetectorConfig;
  /** Numeric columns and features. */
  readonly inputNames: readonly string[];
  /** Its rules may change under way, which is no other detector. */
  alerts: AlertConfig;
}

/**
 * What a pipeline computes. A feature that was defined anew is in a later set; the earlier one goes on
 * unseen, as long as others of its set are in use.
 */
export interface Shape {
  readonly sets: readonly FeatureSet[];
  readonly detectors: readonly LiveDetector[];
}

/** A shape, and the plan of an engine that computes it. */
export interface BuiltShape {
  readonly shape: Shape;
  readonly plan: EnginePlan;
  /** Features in use by name, in order of definition; the value is the index into the plan's. */
  readonly features: ReadonlyMap<string, number>;
}

/** What a plan needs beside its shape. */
export type PlanFrame = Pick<EnginePlan, "pipeline" | "columns" | "maxWindowRows">;

/**
 * @throws {RangeError} If a detector names an input that there is not.
 */
export function buildShape(shape: Shape, frame: PlanFrame): BuiltShape {
  const features = shape.sets.flatMap(({ specs }) => specs);
  const byName = new Map(features.map(({ name }, index) => [name, index]));
  const plan: EnginePlan = {
    ...frame,
    features,
    windowSets: shape.sets.map(({ name, specs }) => ({ name, size: specs.length })),
    detectors: shape.detectors.map((detector) => ({
      ...detector,
      inputs: detector.inputNames.map((name) => inputIndex(name, frame.columns, byName)),
    })),
  };
  return { shape, plan, features: byName };
}

function inputIndex(
  name: string,
  columns: readonly string[],
  features: ReadonlyMap<string, number>,
): number {
  const column = columns.indexOf(name);
  if (column >= 0) return column;
  const feature = features.get(name);
  if (feature === undefined) throw new RangeError(`There is no input ${name}`);
  return columns.length + feature;
}

/** The sets of a shape without those of which no feature is in use. */
export function usedSets(sets: readonly FeatureSet[]): readonly FeatureSet[] {
  const newest = new Map(sets.flatMap(({ specs }) => specs).map((spec) => [spec.name, spec]));
  return sets.filter(({ specs }) => specs.some((spec) => newest.get(spec.name) === spec));
}
