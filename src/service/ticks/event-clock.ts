/**
 * Event time between rows: the newest row's time plus the time since it arrived. So rows with old times (a
 * recording, or a sensor that was offline) trigger nothing early, and deadlines on a quiet line are kept.
 */
export class EventClock {
  readonly #clock: () => number;
  #watermark: number;
  #at: number;

  /**
   * @param clock Monotonic clock, ms.
   * @param watermark Event time of the newest row, ms; -Infinity: none.
   */
  constructor(clock: () => number, watermark: number) {
    this.#clock = clock;
    this.#watermark = watermark;
    this.#at = clock();
  }

  /** Rows have arrived; only newer ones move event time. */
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
