import { isDeepStrictEqual } from "node:util";
import type { FeatureSpec } from "../../../core/features/spec.ts";
import { type FeatureSet, type Shape, usedSets } from "../shape.ts";

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
