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
