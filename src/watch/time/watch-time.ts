import { ArrivalClock, type ClockStep, type Clocks } from "./arrival-clock.ts";

/** Event time in which nobody watched, ms. */
export interface Unwatched {
  readonly from: number;
  readonly to: number;
}

/** The time between two runs, as far as it is known. */
interface Rest {
  /** Event time of the newest reading of the last run, ms. */
  readonly from: number;
  /** When this run began, ms of the steady clock. */
  readonly began: number;
  /** Readings that may still tell where it ended. */
  readings: number;
  /** Where it ended by those so far, event time in ms. */
  to: number;
}

/**
 * Time as a watch sees it: when readings come, whether the clock was set, and event time in which nobody
 * watched, so that no sensor was silent: between the last reading of a run and the start of the next, and
 * what the clock was set forward by.
 */
export class WatchTime {
  readonly #clocks: Clocks;
  readonly #arrival: ArrivalClock;
  readonly #stepped: (step: ClockStep) => void;
  #aheadMs = 0;
  /** Null: that is settled. */
  #rest: Rest | null = null;

  /**
   * @param floor Before which no reading comes, ms; -Infinity: there is none.
   * @param stepped The clock was set.
   */
  constructor(clocks: Clocks, floor: number, stepped: (step: ClockStep) => void) {
    this.#clocks = clocks;
    this.#arrival = new ArrivalClock(clocks, floor);
    this.#stepped = stepped;
  }

  /** Time of a reading that comes now, ms; never before an earlier one. */
  now(): number {
    return this.#arrival.now();
  }

  /** Tells of the clock when it was set. */
  check(): void {
    const step = this.#arrival.takeStep();
    if (step === null) return;
    this.#aheadMs += step.aheadMs;
    this.#stepped(step);
  }

  /**
   * The pipeline goes on where it was, with sources that kept nothing meanwhile.
   *
   * @param watermark Event time of its newest reading, ms; -Infinity: there is none.
   * @param readings Newer ones that may be from before the start, such as the last one of each sensor from a broker that
   * retains it, >= 1. The newest of these tells when the start was.
   */
  resumed(watermark: number, readings: number): void {
    if (watermark === Number.NEGATIVE_INFINITY) return;
    this.#rest = { from: watermark, began: this.#clocks.steady(), readings, to: watermark };
  }

  /**
   * Event time in which nobody watched, as far as the next readings tell; null: none, or it is known.
   *
   * @param times Of these readings, ms. What comes once more does not tell when watching went on.
   * @param watermark Event time of the newest reading before them, ms; -Infinity: there is none.
   * @param isArrival Whether times of readings are those of their arrival, so that they follow the clock.
   */
  takeUnwatched(times: Float64Array, watermark: number, isArrival: boolean): Unwatched | null {
    this.check();
    if (this.#rest !== null) return this.#restBefore(times, this.#rest);
    if (times.length === 0) return null;
    const ahead = isArrival ? this.#aheadMs : 0;
    this.#aheadMs = 0;
    if (ahead === 0 || watermark === Number.NEGATIVE_INFINITY) return null;
    return { from: watermark, to: watermark + ahead };
  }

  #restBefore(times: Float64Array, rest: Rest): Unwatched | null {
    let newest = Number.NEGATIVE_INFINITY;
    for (const time of times) {
      if (time <= rest.from) continue;
      newest = Math.max(newest, time);
      rest.readings -= 1;
      if (rest.readings === 0) break;
    }
    if (newest === Number.NEGATIVE_INFINITY) return null;
    // the time of a reading has moved with the clock
    this.#aheadMs = 0;
    if (rest.readings === 0) this.#rest = null;
    const { from } = rest;
    const to = newest - (this.#clocks.steady() - rest.began);
    if (to <= rest.to) return null;
    rest.to = to;
    return { from, to };
  }
}
