/**
 * Where event time stands between rows: at the newest row's, and from there on at the pace of the clock.
 * So rows with old times, a recording or a sensor that was offline, let nothing pass that has not really
 * passed since they came; and what is due on a quiet line comes when it is due.
 */
export class EventClock {
  readonly #clock: () => number;
  #watermark: number;
  #at: number;

  /**
   * @param clock Passing time, ms; never goes back.
   * @param watermark Event time of the newest row, ms; -Infinity: there is none.
   */
  constructor(clock: () => number, watermark: number) {
    this.#clock = clock;
    this.#watermark = watermark;
    this.#at = clock();
  }

  /** Rows have come; only newer ones move event time. */
  seen(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.#at = this.#clock();
  }

  /** Event time now, ms; -Infinity before the first row. */
  now(): number {
    return this.#watermark + this.#clock() - this.#at;
  }
}
