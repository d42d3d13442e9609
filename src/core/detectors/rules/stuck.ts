import { formatDuration } from "../../units/duration.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { Algorithm } from "../algorithm.ts";
import {
  type Detector,
  type Explanation,
  markUnscored,
  type ScoreColumns,
  type StatePart,
} from "../detector.ts";
import { ruleExplanation, writeVerdict } from "../rule.ts";
import { SteadyStretch, stretchBytes } from "./steady-stretch.ts";

/** Settings of a detector for a column that does not change. */
export interface StuckConfig {
  readonly algorithm: "stuck";
  /** Name of the column, for explanations. */
  readonly column: string;
  /** How long the column must not have changed, ms of event time, > 0. */
  readonly afterMs: number;
  /** Largest difference between two values that counts as no change, >= 0. */
  readonly tolerance: number;
}

/** Two equal values, one before and one after a gap, may be a coincidence. */
const MIN_VALUES = 3;

/** Allowance for rounding, as a part of the tolerance: 1.1 - 1 is above 0.1. */
const ROUNDING = 1e-9;

/** Bytes of the detector of one key. */
function stuckBytes({ tolerance }: StuckConfig): number {
  return OBJECT_BYTES + stretchBytes(tolerance);
}

/** The rule as text: `temperature unchanged for 10m`. */
function stuckRule({ column, afterMs, tolerance }: StuckConfig): string {
  const change = tolerance === 0 ? "unchanged" : `changed by at most ${tolerance}`;
  return `${column} ${change} for ${formatDuration(afterMs)}`;
}

/**
 * Finds a column whose values stay within a tolerance for `afterMs` of event time. A reading is anomalous
 * when it is that much newer than the first of at least three such values. Missing values are ignored.
 *
 * O(1) per reading on average, no allocation.
 *
 * @internal
 */
export class Stuck implements Detector {
  readonly #config: StuckConfig;
  readonly #stretch: SteadyStretch;
  readonly warmupPeriod = 0;
  readonly bytes: number;

  constructor(config: StuckConfig) {
    this.#config = config;
    this.#stretch = new SteadyStretch(config.tolerance, config.tolerance * (1 + ROUNDING));
    this.bytes = stuckBytes(config);
  }

  get observationsSeen(): number {
    return this.#stretch.seen;
  }

  parts(): readonly StatePart[] {
    return [this.#stretch.part()];
  }

  observe(
    inputs: readonly Float64Array[],
    row: number,
    out: ScoreColumns,
    times: Float64Array,
  ): void {
    const value = (inputs[0] as Float64Array)[row] as number;
    if (!(value - value === 0)) {
      markUnscored(out, row);
      return;
    }
    const stretch = this.#stretch;
    const time = times[row] as number;
    stretch.add(value, time);
    const shown = stretch.values >= MIN_VALUES;
    writeVerdict(out, row, shown && time - stretch.since >= this.#config.afterMs);
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    return ruleExplanation(stuckRule(this.#config), inputs, row);
  }
}

/** A column that does not change. */
export const stuck: Algorithm<StuckConfig> = {
  create: (config) => new Stuck(config),
  bytes: stuckBytes,
  rule: stuckRule,
  learning: () => null,
  scores: true,
};
