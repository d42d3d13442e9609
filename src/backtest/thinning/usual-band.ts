import { learningOf } from "../../core/detectors/registry.ts";
import { SortedWindow } from "../../core/sorted-window/sorted-window.ts";
import type { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** Maximum number of values kept for the quantiles. */
const MAX_VALUES = 512;
/** Minimum number of values for a usual range. */
const MIN_VALUES = 20;
/** Sampling steps that avoid daily and hourly rhythms of readings. */
const STEPS = [1, 3, 7, 11, 13, 17, 23, 31, 41, 59, 83, 113, 157, 223, 313, 439];
/** Number of readings when no detector learns. */
const DEFAULT_REACH = 5000;

/** Which readings of a sensor define its usual range. */
export interface UsualReach {
  /** Number of newest readings. */
  readonly readings: number;
  /** Readings after which learning ends; Infinity: never. */
  readonly until: number;
}

/** The readings that the first learning detector compares with. */
export function usualReach({ detectors }: EnginePlan): UsualReach {
  for (const { config } of detectors) {
    const learning = learningOf(config);
    if (learning === null) continue;
    const { window, frozen, warmupPeriod } = learning;
    return frozen
      ? { readings: warmupPeriod, until: warmupPeriod }
      : { readings: window, until: Number.POSITIVE_INFINITY };
  }
  return { readings: DEFAULT_REACH, until: Number.POSITIVE_INFINITY };
}

/**
 * The middle 90 % of the newest values of a column, as in explanations. Samples every n-th value to bound
 * memory and time.
 */
export class UsualBand {
  readonly #values: SortedWindow;
  readonly #capacity: number;
  readonly #step: number;
  readonly #until: number;
  #seen = 0;

  constructor({ readings, until }: UsualReach, memories: WindowMemories) {
    this.#step = STEPS.find((step) => step * MAX_VALUES >= readings) ?? (STEPS.at(-1) as number);
    this.#capacity = Math.max(1, Math.min(MAX_VALUES, Math.ceil(readings / this.#step)));
    this.#values = new SortedWindow(memories.withRoom(1, this.#capacity), this.#capacity);
    this.#until = until;
  }

  /** 5 % quantile of the values; NaN: too few values. */
  get low(): number {
    return this.#quantile(0.05);
  }

  /** 95 % quantile. */
  get high(): number {
    return this.#quantile(0.95);
  }

  /** Adds `column[row]`; NaN is missing, but counts as a reading. */
  add(column: Float64Array, row: number): void {
    const at = this.#seen;
    this.#seen += 1;
    if (at % this.#step !== 0 || at >= this.#until || Number.isNaN(column[row])) return;
    if (this.#values.length < this.#capacity) this.#values.push(column, row);
    else this.#values.slide(column, row);
  }

  #quantile(q: number): number {
    const { length } = this.#values;
    if (length < Math.min(MIN_VALUES, this.#capacity)) return Number.NaN;
    return this.#values.at(Math.round(q * (length - 1)));
  }
}
