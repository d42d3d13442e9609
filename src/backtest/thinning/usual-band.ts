import { SortedWindow } from "../../core/sorted-window.ts";
import type { WindowMemories } from "../../core/window-memory.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** Values of which the quantiles are taken at the most. */
const MOST_VALUES = 512;
/** Values before anything is called usual. */
const LEAST_VALUES = 20;
/** Steps that no daily or hourly rhythm of readings has in it. */
const STEPS = [1, 3, 7, 11, 13, 17, 23, 31, 41, 59, 83, 113, 157, 223, 313, 439];
/** Readings that are usual when no detector says what it compares with. */
const DEFAULT_REACH = 5000;

/** Which readings of a sensor are what is usual. */
export interface UsualReach {
  /** The newest so many. */
  readonly readings: number;
  /** No more are learned after so many; Infinity: always. */
  readonly until: number;
}

/** What the first detector that learns compares with. */
export function usualReach({ detectors }: EnginePlan): UsualReach {
  for (const { config } of detectors) {
    if (config.algorithm !== "ecod") continue;
    const { window, frozen, warmupPeriod } = config;
    return frozen
      ? { readings: warmupPeriod, until: warmupPeriod }
      : { readings: window, until: Number.POSITIVE_INFINITY };
  }
  return { readings: DEFAULT_REACH, until: Number.POSITIVE_INFINITY };
}

/**
 * The middle 90 % of the newest values of a column, as explanations have it, from every n-th of them:
 * bounded memory, and little time.
 */
export class UsualBand {
  readonly #values: SortedWindow;
  readonly #capacity: number;
  readonly #step: number;
  readonly #until: number;
  #seen = 0;

  constructor({ readings, until }: UsualReach, memories: WindowMemories) {
    this.#step = STEPS.find((step) => step * MOST_VALUES >= readings) ?? (STEPS.at(-1) as number);
    this.#capacity = Math.max(1, Math.min(MOST_VALUES, Math.ceil(readings / this.#step)));
    this.#values = new SortedWindow(memories.withRoom(1, this.#capacity), this.#capacity);
    this.#until = until;
  }

  /** 5 % quantile of what was added; NaN: too little was. */
  get low(): number {
    return this.#quantile(0.05);
  }

  /** 95 % quantile. */
  get high(): number {
    return this.#quantile(0.95);
  }

  /** Adds `column[row]`; NaN is missing, and counts as seen. */
  add(column: Float64Array, row: number): void {
    const at = this.#seen;
    this.#seen += 1;
    if (at % this.#step !== 0 || at >= this.#until || Number.isNaN(column[row])) return;
    if (this.#values.length < this.#capacity) this.#values.push(column, row);
    else this.#values.slide(column, row);
  }

  #quantile(q: number): number {
    const { length } = this.#values;
    if (length < Math.min(LEAST_VALUES, this.#capacity)) return Number.NaN;
    return this.#values.at(Math.round(q * (length - 1)));
  }
}
