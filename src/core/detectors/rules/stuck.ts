import { formatDuration } from "../../units/duration.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { Algorithm } from "../algorithm.ts";
import {
  type Detector,
  type Explanation,
  markUnscored,
  type ScoreColumns,
  type StatePart,
} from "../detector.ts";
import { numbersPart, ruleExplanation, writeVerdict } from "../rule.ts";

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

/** Indices of the state. */
const OBSERVATIONS = 0;
/** Event time since which all values are within tolerance, ms. */
const SINCE = 1;
/** The smallest and the largest value since then. */
const LOW = 2;
const HIGH = 3;
/** Values since then. */
const VALUES = 4;
const PLACES = 5;

/** Two equal values, one before and one after a gap, may be a coincidence. */
const MIN_VALUES = 3;

/** Allowance for rounding, as a part of the tolerance: 1.1 - 1 is above 0.1. */
const ROUNDING = 1e-9;

/** Bytes of the detector of one key. */
const BYTES = OBJECT_BYTES + float64Bytes(PLACES);

/** The rule as text: `temperature unchanged for 10m`. */
function stuckRule({ column, afterMs, tolerance }: StuckConfig): string {
  const change = tolerance === 0 ? "unchanged" : `changed by at most ${tolerance}`;
  return `${column} ${change} for ${formatDuration(afterMs)}`;
}

/**
 * Finds a column whose values stay within a tolerance for `afterMs` of event time. A reading is anomalous
 * when it is that much newer than the first of at least three such values. Missing values are ignored.
 *
 * O(1) per reading, no allocation.
 *
 * @internal
 */
export class Stuck implements Detector {
  readonly #config: StuckConfig;
  readonly #state = Float64Array.of(0, Number.NaN, Number.NaN, Number.NaN, 0);
  readonly warmupPeriod = 0;
  readonly bytes = BYTES;

  constructor(config: StuckConfig) {
    this.#config = config;
  }

  get observationsSeen(): number {
    return this.#state[OBSERVATIONS] as number;
  }

  parts(): readonly StatePart[] {
    return [numbersPart(this.#state)];
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
    const state = this.#state;
    const { tolerance, afterMs } = this.#config;
    const time = times[row] as number;
    const low = Math.min(state[LOW] as number, value);
    const high = Math.max(state[HIGH] as number, value);
    const same = high - low <= tolerance * (1 + ROUNDING); // false before the first value
    state[OBSERVATIONS] = (state[OBSERVATIONS] as number) + 1;
    state[LOW] = same ? low : value;
    state[HIGH] = same ? high : value;
    state[VALUES] = same ? (state[VALUES] as number) + 1 : 1;
    if (!same) state[SINCE] = time;
    const shown = (state[VALUES] as number) >= MIN_VALUES;
    writeVerdict(out, row, shown && time - (state[SINCE] as number) >= afterMs);
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    return ruleExplanation(stuckRule(this.#config), inputs, row);
  }
}

/** A column that does not change. */
export const stuck: Algorithm<StuckConfig> = {
  create: (config) => new Stuck(config),
  bytes: () => BYTES,
  rule: stuckRule,
  learning: () => null,
  scores: true,
};
