import type { Program } from "../../expression/program.ts";
import { FALSE, runProgram, TRUE, UNKNOWN } from "../../expression/program.ts";
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

/** Settings of a detector that is a rule over columns and features. */
export interface ThresholdConfig {
  readonly algorithm: "threshold";
  /** True for an anomalous reading. Its inputs are those of the detector. */
  readonly when: Program;
  /** Once anomalous, readings stay so until this is true; null: until `when` is false. */
  readonly clearWhen: Program | null;
  /** The rule as text: `temperature > 40`. */
  readonly rule: string;
}

/** Indices of the state. */
const OBSERVATIONS = 0;
const ALARMING = 1;

/** Bytes of the detector of one key; the compiled rule is shared by all. */
const BYTES = OBJECT_BYTES + float64Bytes(2);

/**
 * A reading is anomalous if `when` is true, and stays so until `clear_when` is true. A reading is not scored
 * if missing values leave this undecided.
 *
 * Cost: a few operations per reading, no allocation.
 *
 * @internal
 */
export class Threshold implements Detector {
  readonly #config: ThresholdConfig;
  readonly #state = new Float64Array(2);
  readonly warmupPeriod = 0;
  readonly bytes = BYTES;

  constructor(config: ThresholdConfig) {
    this.#config = config;
  }

  get observationsSeen(): number {
    return this.#state[OBSERVATIONS] as number;
  }

  parts(): readonly StatePart[] {
    return [numbersPart(this.#state)];
  }

  observe(inputs: readonly Float64Array[], row: number, out: ScoreColumns): void {
    const verdict = this.#verdict(inputs, row);
    if (verdict === UNKNOWN) {
      markUnscored(out, row);
      return;
    }
    const state = this.#state;
    state[OBSERVATIONS] = (state[OBSERVATIONS] as number) + 1;
    state[ALARMING] = verdict;
    writeVerdict(out, row, verdict === TRUE);
  }

  explain(inputs: readonly Float64Array[], row: number): Explanation {
    return ruleExplanation(this.#config.rule, inputs, row);
  }

  /** `when or (alarming and not clear_when)`, any part may be unknown. */
  #verdict(inputs: readonly Float64Array[], row: number): number {
    const { when, clearWhen } = this.#config;
    const met = runProgram(when, inputs, row);
    if (met === TRUE || clearWhen === null || this.#state[ALARMING] === 0) return met;
    const clear = runProgram(clearWhen, inputs, row);
    if (clear === FALSE) return TRUE;
    return clear === UNKNOWN ? UNKNOWN : met;
  }
}

/** A rule over columns and features. */
export const threshold: Algorithm<ThresholdConfig> = {
  create: (config) => new Threshold(config),
  bytes: () => BYTES,
  rule: ({ rule }) => rule,
  learning: () => null,
  scores: true,
};
