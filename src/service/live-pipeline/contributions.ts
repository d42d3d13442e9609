import type { Explanation } from "../../core/detectors/detector.ts";
import type { ScoredContribution } from "../api.ts";

/** An explanation by the names of the inputs, without NaN. */
export function nameContributions(
  { contributions }: Explanation,
  inputNames: readonly string[],
): readonly ScoredContribution[] {
  return contributions.flatMap(({ input, value, typical, low, high, side, share }) =>
    side === null
      ? []
      : {
          feature: inputNames[input] as string,
          value: orNull(value),
          typical: orNull(typical),
          usualRange: [orNull(low), orNull(high)] as const,
          direction: side,
          share: orNull(share),
        },
  );
}

/** The number, or null for what JSON can't say. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
