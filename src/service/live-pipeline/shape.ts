import type { AlertConfig } from "../../core/alerts/config.ts";
import type { DetectorConfig } from "../../core/detectors/registry.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** Features that were defined together, so their windows contain the same rows. */
export interface FeatureSet {
  /** Unique within the pipeline. */
  readonly name: string;
  readonly specs: readonly FeatureSpec[];
}

/** A detector of a running pipeline. Its object identity is the identity of its models. */
export interface LiveDetector {
  readonly name: string;
  readonly config: DetectorConfig;
  /** Numeric columns and features. */
  readonly inputNames: readonly string[];
  /** May change without resetting the models. */
  alerts: AlertConfig;
}

/**
 * The features and detectors of a pipeline. A redefined feature is in a later set; the earlier definition stays
 * hidden while other features of its set are in use.
 */
export interface Shape {
  readonly sets: readonly FeatureSet[];
  readonly detectors: readonly LiveDetector[];
}

/** A shape with the engine plan that computes it. */
export interface BuiltShape {
  readonly shape: Shape;
  readonly plan: EnginePlan;
  /** Index in the plan of each feature in use, by name, in order of definition. */
  readonly features: ReadonlyMap<string, number>;
}

/** Fields of a plan that do not come from the shape. */
export type PlanFrame = Pick<EnginePlan, "pipeline" | "columns" | "maxWindowRows">;

/**
 * @throws {RangeError} If a detector names an unknown input.
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

/** The sets that have a feature in use. */
export function usedSets(sets: readonly FeatureSet[]): readonly FeatureSet[] {
  const newest = new Map(sets.flatMap(({ specs }) => specs).map((spec) => [spec.name, spec]));
  return sets.filter(({ specs }) => specs.some((spec) => newest.get(spec.name) === spec));
}
