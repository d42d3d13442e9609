import { isDeepStrictEqual } from "node:util";
import type { FeatureSet, LiveDetector, Shape } from "../shape.ts";
import { featuresInUse } from "./add-features.ts";

/** A shape that takes the place of another. */
export interface ShapeChange {
  /** What is the same as before is the same object, and so goes on. */
  readonly shape: Shape;
  /** Detectors that go on, and whose alerts begin anew by other rules. */
  readonly renewed: ReadonlySet<LiveDetector>;
  readonly kept: readonly string[];
  readonly reset: readonly string[];
}

/**
 * Finds what of a shape goes on in another.
 *
 * @param wanted Not in use yet.
 */
export function changeShape(wanted: Shape, before: Shape): ShapeChange {
  const known = featuresInUse(before);
  const specs = wanted.sets.flatMap((set) => set.specs.map((spec) => same(spec, known)));
  const renewed = new Set<LiveDetector>();
  const detectors = wanted.detectors.map((detector) => {
    const present = before.detectors.find((other) => isSameModel(other, detector));
    if (present === undefined) return detector;
    if (isDeepStrictEqual(present.alerts, detector.alerts)) return present;
    present.alerts = detector.alerts;
    renewed.add(present);
    return present;
  });
  const changed = new Set(
    known.filter((spec) => !specs.includes(spec)).map((spec) => `features.${spec.name}`),
  );
  const goesOn = (detector: LiveDetector): boolean =>
    before.detectors.includes(detector) &&
    detector.inputNames.every((name) => !changed.has(`features.${name}`));
  const kept = detectors.filter(goesOn);
  return {
    shape: { sets: setsOf(specs, before), detectors },
    renewed,
    kept: [
      ...known.filter((spec) => specs.includes(spec)).map(({ name }) => `features.${name}`),
      ...kept.map(({ name }) => `detectors.${name}`),
    ],
    reset: [
      ...changed,
      ...before.detectors
        .filter((detector) => !kept.includes(detector))
        .map(({ name }) => `detectors.${name}`),
      ...[...renewed].map(({ name }) => `detectors.${name}.alerts`),
    ],
  };
}

/** Everything that a detector has learned depends on, its features aside. */
function isSameModel(one: LiveDetector, other: LiveDetector): boolean {
  const { alerts: _, ...model } = one;
  const { alerts: __, ...wanted } = other;
  return isDeepStrictEqual(model, wanted);
}

function same<T>(one: T, others: readonly T[]): T {
  return others.find((other) => isDeepStrictEqual(other, one)) ?? one;
}

/** The sets as they are when nothing has changed; else one that runs through the rows that are held. */
function setsOf(specs: FeatureSet["specs"], { sets }: Shape): readonly FeatureSet[] {
  if (isDeepStrictEqual(specs, featuresInUse({ sets, detectors: [] }))) return sets;
  const numbers = sets.map(({ name }) => Number(name.split("/")[1] ?? 0));
  return [{ name: `windows/${Math.max(0, ...numbers) + 1}`, specs }];
}
