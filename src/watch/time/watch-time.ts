import { ArrivalClock, type ClockStep, type Clocks } from "./arrival-clock.ts";

/** A stretch of event time in which no session ran, ms. */
export interface Unwatched {
  readonly from: number;
  readonly to: number;
}

/** The time between two sessions, as far as it is known. */
interface Gap {
  /** Event time of the newest reading of the last session, ms. */
  readonly from: number;
  /** Start of this session, ms of the steady clock. */
  readonly began: number;
  /** Number of further readings that may move its end. */
  readings: number;
  /** Its end by the readings so far, event time in ms. */
  to: number;
}

/**
 * The time of a session: arrival times of readings, clock steps, and unwatched event time, in which no sensor
 * counts as silent. Unwatched is the time between the last reading of a session and the start of the next,
 * and the time that a clock step forward skips.
 */
export class WatchTime {
  readonly #clocks: Clocks;
  readonly #arrival: ArrivalClock;
  readonly #report: (step: ClockStep) => void;
  #aheadMs = 0;
  /** The time before the start, until its length is known; otherwise null. */
  #gap: Gap | null = null;

  /**
   * @param floor Minimum arrival time, ms; -Infinity without one.
   * @param report Receives each clock step.
   */
  constructor(clocks: Clocks, floor: number, report: (step: ClockStep) => void) {
    this.#clocks = clocks;
    this.#arrival = new ArrivalClock(clocks, floor);
    this.#report = report;
  }

  /** Time of a reading that arrives now, ms; never decreases. */
  now(): number {
    return this.#arrival.now();
  }

  /** Reports a clock step, if there was one. */
  check(): void {
    const step = this.#arrival.takeStep();
    if (step === null) return;
    this.#aheadMs += step.aheadMs;
    this.#report(step);
  }

  /**
   * A session continues a pipeline, with sources that kept no lines between the sessions.
   *
   * @param watermark Event time of the newest reading, ms; -Infinity without one.
   * @param readings Number of newer readings that may date from before the start, >= 1: a broker may send
   * the retained reading of each sensor. The newest of these readings dates the start.
   */
  resumed(watermark: number, readings: number): void {
    if (watermark === Number.NEGATIVE_INFINITY) return;
    this.#gap = { from: watermark, began: this.#clocks.steady(), readings, to: watermark };
  }

  /**
   * Returns the unwatched time that the next readings reveal; null: none, or it was returned before.
   *
   * @param times Event times of these readings, ms. A reading that is no newer than the last session is a
   * repetition and dates nothing.
   * @param watermark Event time of the newest reading before them, ms; -Infinity without one.
   * @param isArrival Whether these are arrival times, which follow the clock.
   */
  takeUnwatched(times: Float64Array, watermark: number, isArrival: boolean): Unwatched | null {
    this.check();
    if (this.#gap !== null) return this.#gapBefore(times, this.#gap);
    if (times.length === 0) return null;
    const ahead = isArrival ? this.#aheadMs : 0;
    this.#aheadMs = 0;
    if (ahead === 0 || watermark === Number.NEGATIVE_INFINITY) return null;
    return { from: watermark, to: watermark + ahead };
  }

  #gapBefore(times: Float64Array, gap: Gap): Unwatched | null {
    let newest = Number.NEGATIVE_INFINITY;
    for (const time of times) {
      if (time <= gap.from) continue;
      newest = Math.max(newest, time);
      gap.readings -= 1;
      if (gap.readings === 0) break;
    }
    if (newest === Number.NEGATIVE_INFINITY) return null;
    // the readings follow the clock, so the gap includes the step
    this.#aheadMs = 0;
    if (gap.readings === 0) this.#gap = null;
    const { from } = gap;
    const to = newest - (this.#clocks.steady() - gap.began);
    if (to <= gap.to) return null;
    gap.to = to;
    return { from, to };
  }
}
