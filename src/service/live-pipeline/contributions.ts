import type { Explanation } from "../../core/detectors/detector.ts";
import type { ScoredContribution } from "../api.ts";

/** Names the inputs of an explanation; null replaces NaN. */
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

/** The number; null for NaN and infinities, which JSON lacks. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
