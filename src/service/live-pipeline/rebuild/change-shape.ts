import { isDeepStrictEqual } from "node:util";
import { type FeatureSet, featuresInUse, type LiveDetector, type Shape } from "../shape.ts";

/** A change from one shape to another. */
export interface ShapeChange {
  /** The new shape; unchanged features and detectors are the same objects, which keeps their state. */
  readonly shape: Shape;
  /** Detectors that keep their models and reset their alerts. */
  readonly renewed: ReadonlySet<LiveDetector>;
  readonly kept: readonly string[];
  readonly reset: readonly string[];
}

/**
 * Compares two shapes.
 *
 * @param wanted The new shape, not in use yet.
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

/** Whether the models of a detector can be kept, apart from its features. */
function isSameModel(one: LiveDetector, other: LiveDetector): boolean {
  const { alerts: _, ...model } = one;
  const { alerts: __, ...wanted } = other;
  return isDeepStrictEqual(model, wanted);
}

function same<T>(one: T, others: readonly T[]): T {
  return others.find((other) => isDeepStrictEqual(other, one)) ?? one;
}

/** The present sets if no feature changed; else one set, which runs through the stored rows. */
function setsOf(specs: FeatureSet["specs"], { sets }: Shape): readonly FeatureSet[] {
  if (isDeepStrictEqual(specs, featuresInUse({ sets, detectors: [] }))) return sets;
  const numbers = sets.map(({ name }) => Number(name.split("/")[1] ?? 0));
  return [{ name: `windows/${Math.max(0, ...numbers) + 1}`, specs }];
}
