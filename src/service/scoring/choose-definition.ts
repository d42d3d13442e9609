import { suggestAndList } from "../../config/suggest.ts";
import { show } from "../checks/warnings.ts";
import { CommandError } from "../command-error.ts";
import type { HostedDetector } from "../registry.ts";

type Features = Readonly<Record<string, unknown>>;

/** A detector, then its variants from the oldest. */
export type Definitions = readonly [HostedDetector, ...HostedDetector[]];

/** Features of a definition: those that it asked for, also where its buffer lacks them. */
export function featuresOf({ definition, detector }: HostedDetector): readonly string[] {
  return definition.features ?? detector.inputNames;
}

/**
 * Definitions with any of the features, those with most of them first; of equals, those that lack fewest of their own,
 * then the oldest. The first definition, if none has any. Does not depend on models, because a recovery must choose the
 * same again.
 */
export function byFit(definitions: Definitions, features: Features): Definitions {
  if (definitions.length === 1) return definitions;
  const [first = definitions[0], ...others] = definitions
    .map((hosted) => ({ hosted, known: countKnown(hosted, features) }))
    .filter(({ known }) => known > 0)
    .sort((a, b) => b.known - a.known || featuresOf(a.hosted).length - featuresOf(b.hosted).length)
    .map(({ hosted }) => hosted);
  return [first, ...others];
}

function countKnown(hosted: HostedDetector, features: Features): number {
  let known = 0;
  for (const name of featuresOf(hosted)) if (Object.hasOwn(features, name)) known += 1;
  return known;
}

/**
 * @param field Place of the features in the request.
 * @throws {CommandError} `invalid`, if there are features and no definition has any of them.
 */
export function checkFeatures(definitions: Definitions, features: Features, field: string): void {
  const [given] = Object.keys(features);
  if (given === undefined) return;
  if (definitions.some((hosted) => countKnown(hosted, features) > 0)) return;
  const { name } = definitions[0].definition;
  const known = [...new Set(definitions.flatMap(featuresOf))];
  throw new CommandError("invalid", `the detector ${name} has no feature ${show(given)}`, {
    field,
    hint: suggestAndList(given.slice(0, 80), known, "Its features are"),
  });
}
