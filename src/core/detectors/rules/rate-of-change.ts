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

/** Settings of a detector for a column that changes too fast. */
export interface RateOfChangeConfig {
  readonly algorithm: "rate_of_change";
  /** Name of the column, for explanations. */
  readonly column: string;
  /** Unit of time of the limits, ms, > 0. */
  readonly perMs: number;
  /** Largest normal rise in that time, >= 0; Infinity: any. */
  readonly maxRise: number;
  /** Largest normal fall in that time, >= 0; Infinity: any. */
  readonly maxFall: number;
}

/** Indices of the state. */
const OBSERVATIONS = 0;
/** The newest value, and its event time, ms. */
const VALUE = 1;
const TIME = 2;
/** The newest rate, in units of the column per `per`. */
const RATE = 3;

/** Significant digits of a rate in an explanation. */
const DIGITS = 4;

/** Bytes of the detector of one key. */
const BYTES = OBJECT_BYTES + float64Bytes(4);

/**
 * The rule as text: `temperature rises more than 5 or falls more than 3 per 1m`.
 *
 * @internal
 */
export function rateOfChangeRule({ column, perMs, maxRise, maxFall }: RateOfChangeConfig): string {
  const per = `per ${formatDuration(perMs)}`;
  if (maxRise === maxFall) return `${column} changes more than ${maxRise} ${per}`;
  const limits = [
    ...(maxRise < Number.POSITIVE_INFINITY ? [`rises more than ${maxRise}`] : []),
    ...(maxFall < Number.POSITIVE_INFINITY ? [`falls more than ${maxFall}`] : []),
  ];
  return `${column} ${limits.join(" or ")} ${per}`;
}

/**
 * Compares the change since the previous reading, scaled to a unit of time, with limits.
 *
 * The first value, a missing value and a second value of the same time have no rate, so they are not
 * scored. The last two are not the previous value of a later reading.
 *
 * O(1) per reading, no allocation.
 *
 * @internal
 */
export class RateOfChange implements Detector {
  readonly #config: RateOfChangeConfig;
  readonly #state = Float64Array.of(0, Number.NaN, Number.NaN, Number.NaN);
  readonly warmupPeriod = 1;
  readonly bytes = BYTES;

  constructor(config: RateOfChangeConfig) {
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
    const state = this.#state;
    const { perMs, maxRise, maxFall } = this.#config;
    const value = (inputs[0] as Float64Array)[row] as number;
    const time = times[row] as number;
    const finite = value - value === 0;
    if (!finite || time === state[TIME]) {
      markUnscored(out, row);
      return;
    }
    const rate = ((value - (state[VALUE] as number)) / (time - (state[TIME] as number))) * perMs;
    state[OBSERVATIONS] = (state[OBSERVATIONS] as number) + 1;
    state[VALUE] = value;
    state[TIME] = time;
    state[RATE] = rate;
    if (Number.isNaN(rate)) markUnscored(out, row);
    else writeVerdict(out, row, rate > maxRise || -rate > maxFall);
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    const { column, perMs, maxRise, maxFall } = this.#config;
    const rate = this.#state[RATE] as number;
    const [way, most] = rate < 0 ? ["falls", maxFall] : ["rises", maxRise];
    const change = Number(Math.abs(rate).toPrecision(DIGITS));
    const rule = `${column} ${way} ${change} per ${formatDuration(perMs)}, more than ${most}`;
    return ruleExplanation(rule, inputs, row);
  }
}

/** A column that changes too fast. */
export const rateOfChange: Algorithm<RateOfChangeConfig> = {
  create: (config) => new RateOfChange(config),
  bytes: () => BYTES,
  rule: rateOfChangeRule,
  learning: () => null,
  scores: true,
};
