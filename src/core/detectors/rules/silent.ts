import { isoTime } from "../../timestamp/iso-time.ts";
import { formatDuration } from "../../units/duration.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { Algorithm } from "../algorithm.ts";
import type { AbsenceDetector, Explanation, StatePart } from "../detector.ts";
import { numbersPart, ruleExplanation } from "../rule.ts";

/** Settings of a detector for sensors that stop reporting. */
export interface SilentConfig {
  readonly algorithm: "silent";
  /** Event time without a reading, ms, > 0. */
  readonly afterMs: number;
}

/** Indices of the state; the newest reading follows. */
const CHANGES = 0;
const READINGS = 1;
/** Event time of the newest reading, ms; NaN before the first. */
const LAST_SEEN = 2;
/** 1 while the key is absent. */
const ABSENT = 3;
/** Excused event time since the newest reading, ms. */
const EXCUSED = 4;
/** End of the newest excused interval, event time in ms; -Infinity: none. */
const EXCUSED_TO = 5;
const READING = 6;

/**
 * Bytes of the detector of one key, which holds its newest reading.
 *
 * @param dimension Columns of a reading.
 */
function silentBytes(_: SilentConfig, dimension: number): number {
  return OBJECT_BYTES + float64Bytes(READING + dimension);
}

/** The rule as text: `no reading for 90s`. */
function silentRule({ afterMs }: SilentConfig): string {
  return `no reading for ${formatDuration(afterMs)}`;
}

/**
 * Finds a key without a reading for `afterMs` of event time. O(columns) per reading, no allocation.
 *
 * @internal
 */
export class Silent implements AbsenceDetector {
  readonly #config: SilentConfig;
  readonly #state: Float64Array;
  readonly bytes: number;

  /** @param dimension Columns of a reading. */
  constructor(config: SilentConfig, dimension: number) {
    this.#config = config;
    this.#state = new Float64Array(READING + dimension).fill(Number.NaN);
    this.#state.fill(0, 0, LAST_SEEN);
    this.#state.fill(0, ABSENT, EXCUSED_TO);
    this.#state[EXCUSED_TO] = Number.NEGATIVE_INFINITY;
    this.bytes = silentBytes(config, dimension);
  }

  get observationsSeen(): number {
    return this.#state[READINGS] as number;
  }

  get lastSeen(): number {
    return this.#state[LAST_SEEN] as number;
  }

  get lastReading(): Float64Array {
    return this.#state.slice(READING);
  }

  get absent(): boolean {
    return this.#state[ABSENT] === 1;
  }

  get deadline(): number {
    return this.absent
      ? Number.NaN
      : this.lastSeen + this.#config.afterMs + (this.#state[EXCUSED] as number);
  }

  parts(): readonly StatePart[] {
    return [numbersPart(this.#state)];
  }

  see(inputs: readonly Float64Array[], row: number, time: number): void {
    const state = this.#state;
    state[CHANGES] = (state[CHANGES] as number) + 1;
    state[READINGS] = (state[READINGS] as number) + 1;
    // an older reading does not end the excused interval
    if (!(time <= this.lastSeen)) {
      state[EXCUSED] = 0;
      state[EXCUSED_TO] = Number.NEGATIVE_INFINITY;
    }
    state[LAST_SEEN] = time;
    state[ABSENT] = 0;
    for (let j = 0; j < inputs.length; j++) {
      state[READING + j] = (inputs[j] as Float64Array)[row] as number;
    }
  }

  excuse(from: number, to: number): void {
    const state = this.#state;
    const start = Math.max(from, state[EXCUSED_TO] as number);
    if (this.lastSeen > from || to <= start) return;
    state[CHANGES] = (state[CHANGES] as number) + 1;
    state[EXCUSED] = (state[EXCUSED] as number) + to - start;
    state[EXCUSED_TO] = to;
  }

  shift(ms: number): void {
    const state = this.#state;
    state[CHANGES] = (state[CHANGES] as number) + 1;
    state[LAST_SEEN] = (state[LAST_SEEN] as number) + ms;
    state[EXCUSED_TO] = (state[EXCUSED_TO] as number) + ms;
  }

  miss(): void {
    const state = this.#state;
    state[CHANGES] = (state[CHANGES] as number) + 1;
    state[ABSENT] = 1;
  }

  explain(): Explanation {
    const since = isoTime(Math.floor(this.lastSeen));
    const isExcused = (this.#state[EXCUSED] as number) > 0;
    const but = isExcused ? ", not counting the time when iotmon did not watch" : "";
    return ruleExplanation(`${silentRule(this.#config)}, since ${since}${but}`, [], 0);
  }
}

/** A key that stops reporting. */
export const silent: Algorithm<SilentConfig> = {
  create: (config, dimension) => new Silent(config, dimension),
  bytes: silentBytes,
  rule: silentRule,
  learning: () => null,
  scores: false,
};
