import type { EcodConfig } from "../../../core/detectors/ecod/config.ts";
import { parseFeatureName } from "../../../core/features/names.ts";
import type { FeatureSpec } from "../../../core/features/spec.ts";

/** What a detector knows about its features. */
export type FeatureFacts = Pick<EcodConfig, "columns" | "rawFeatures">;

/** Words of a feature name after its column: `ewm_mean_10` has three. */
const MOST_WORDS = 3;

/**
 * Facts about features that are known.
 *
 * @param inputs Of the detector, as in `DetectorPlan.inputs`; -1: unknown, for a detector with faults.
 * @param columns Number of numeric columns.
 * @param specs Features of the pipeline. A feature of two columns belongs to the first of them.
 */
export function knownFacts(
  inputs: readonly number[],
  columns: number,
  specs: readonly FeatureSpec[],
): FeatureFacts {
  const owners = inputs.map((input) => (input < columns ? input : specs[input - columns]?.column));
  return {
    columns: numbered(owners),
    rawFeatures: [...inputs.keys()].filter((i) => {
      const input = inputs[i] as number;
      // the rate of a meter stands for its column
      return input < columns || isMeterRate(specs[input - columns]);
    }),
  };
}

function isMeterRate(spec: FeatureSpec | undefined): boolean {
  return spec?.function === "meter_rate" && spec.window === null;
}

/**
 * Facts about features of which only the names are known: `temperature_mean_10` belongs to the column `temperature`,
 * every other name is a column.
 */
export function namedFacts(names: readonly string[]): FeatureFacts {
  const owners = names.map(ownerOf);
  return {
    columns: numbered(names.map((name, i) => owners[i] ?? name)),
    rawFeatures: [...names.keys()].filter((i) => owners[i] === null),
  };
}

/** The column of a conventional feature name; null: the name follows no convention. */
function ownerOf(name: string): string | null {
  let begin = name.length;
  const beginnings: string[] = [];
  for (let words = 0; words < MOST_WORDS && begin > 0; words++) {
    begin = name.lastIndexOf("_", begin - 1);
    if (begin > 0) beginnings.unshift(name.slice(0, begin));
  }
  return beginnings.find((column) => parseFeatureName(name, [column]) !== null) ?? null;
}

/** Numbers owners from 0 in order of first appearance. */
function numbered(owners: readonly unknown[]): readonly number[] {
  const numbers = new Map([...new Set(owners)].map((owner, number) => [owner, number]));
  return owners.map((owner) => numbers.get(owner) as number);
}
