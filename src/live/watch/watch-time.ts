import { ArrivalClock, type ClockStep, type Clocks } from "./arrival-clock.ts";

/**
 * Time as a watch sees it: when readings come, whether the clock was set, and event time in which nobody
 * watched, so that no sensor was silent: between the last reading of a run and the first one of the
 * next, and what the clock was set forward by.
 */
export class WatchTime {
  readonly #clocks: Clocks;
  readonly #arrival: ArrivalClock;
  readonly #stepped: (step: ClockStep) => void;
  #aheadMs = 0;
  /** Where the last run ended, and when this one began, ms of the steady clock; null: that is settled. */
  #rest: { readonly watermark: number; readonly began: number } | null = null;

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
   */
  resumed(watermark: number): void {
    if (watermark === Number.NEGATIVE_INFINITY) return;
    this.#rest = { watermark, began: this.#clocks.steady() };
  }

  /**
   * Event time before the next readings in which nobody watched, ms, 0: none. Told once.
   *
   * @param times Of these readings, ms. What comes once more, as from a broker that retains it, does not
   * tell when watching went on.
   * @param isArrival Whether times of readings are those of their arrival, so that they follow the clock.
   */
  takeUnwatched(times: Float64Array, isArrival: boolean): number {
    this.check();
    const rest = this.#rest;
    const first = times.find((time) => time > (rest?.watermark ?? Number.NEGATIVE_INFINITY));
    if (first === undefined) return 0;
    const ahead = isArrival ? this.#aheadMs : 0;
    this.#rest = null;
    this.#aheadMs = 0;
    // the time of a first reading has moved with the clock
    if (rest === null) return ahead;
    return Math.max(0, first - rest.watermark - (this.#clocks.steady() - rest.began));
  }
}
