import { isDeepStrictEqual } from "node:util";
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
function usedSets(sets: readonly FeatureSet[]): readonly FeatureSet[] {
  const newest = new Map(sets.flatMap(({ specs }) => specs).map((spec) => [spec.name, spec]));
  return sets.filter(({ specs }) => specs.some((spec) => newest.get(spec.name) === spec));
}

/** Features in use, in order of definition. */
export function featuresInUse(shape: Shape): readonly FeatureSpec[] {
  const specs = shape.sets.flatMap((set) => set.specs);
  return [...new Map(specs.map((spec) => [spec.name, spec])).values()];
}

/**
 * Adds features to a shape. A feature replaces one of the same name; the same definition changes nothing.
 *
 * @param hasRows Whether the pipeline has rows, which the new features must run through.
 */
export function addFeatures(shape: Shape, specs: readonly FeatureSpec[], hasRows: boolean): Shape {
  const known = new Map(featuresInUse(shape).map((spec) => [spec.name, spec]));
  const added = specs.filter((spec) => !isDeepStrictEqual(known.get(spec.name), spec));
  if (added.length === 0) return shape;
  if (hasRows) {
    const set = { name: freeName(shape.sets), specs: added };
    return { ...shape, sets: usedSets([...shape.sets, set]) };
  }
  for (const spec of added) known.set(spec.name, spec);
  return { ...shape, sets: [{ name: "windows", specs: [...known.values()] }] };
}

function freeName(sets: readonly FeatureSet[]): string {
  if (sets.length === 0) return "windows";
  const numbers = sets.map(({ name }) => Number(name.split("/")[1] ?? 0));
  return `windows/${Math.max(...numbers) + 1}`;
}
