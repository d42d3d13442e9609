import type { ScoredContribution } from "../api.ts";
import type { LiveDetector } from "./shape.ts";

/** Why a row was scored as it was. */
export interface RowExplanation {
  readonly row: number;
  readonly contributions: readonly ScoredContribution[];
}

/** By detector and key: the explanation of the newest row that somebody asked for. */
export class Explanations {
  readonly #byDetector = new Map<LiveDetector, Map<number, RowExplanation>>();

  get(detector: LiveDetector, key: number): RowExplanation | undefined {
    return this.#byDetector.get(detector)?.get(key);
  }

  /** Those of one key, by detector. */
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
