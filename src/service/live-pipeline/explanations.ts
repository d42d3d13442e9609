import type { Explanation } from "../../core/detectors/detector.ts";
import type { ScoredContribution } from "../api.ts";
import type { LiveDetector } from "./shape.ts";

/** Explanation of a row's score. */
export interface RowExplanation {
  readonly row: number;
  readonly contributions: readonly ScoredContribution[];
}

/** Explanations by detector and key, of the newest row that was asked for. */
export class Explanations {
  readonly #byDetector = new Map<LiveDetector, Map<number, RowExplanation>>();

  get(detector: LiveDetector, key: number): RowExplanation | undefined {
    return this.#byDetector.get(detector)?.get(key);
  }

  /** Explanations of one key, by detector. */
  *of(key: number): Generator<readonly [LiveDetector, RowExplanation]> {
    for (const [detector, byKey] of this.#byDetector) {
      const explanation = byKey.get(key);
      if (explanation) yield [detector, explanation];
    }
  }

  set(detector: LiveDetector, key: number, explanation: RowExplanation): void {
    let byKey = this.#byDetector.get(detector);
    if (byKey === undefined) {
      byKey = new Map();
      this.#byDetector.set(detector, byKey);
    }
    byKey.set(key, explanation);
  }

  remove(detector: LiveDetector): void {
    this.#byDetector.delete(detector);
  }
}

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
