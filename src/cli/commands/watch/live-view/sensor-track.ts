/** Scores of a sparkline. */
export const MAX_BARS = 60;
/** Minimum event time of one bar, ms. */
const BAR_MS = 1000;

/** The newest values and scores of one sensor. */
export class SensorTrack {
  /** Newest present value of each numeric column; NaN: none yet. */
  readonly values: Float64Array;
  /** Largest score of its detectors in its newest row; NaN: not scored. */
  score = Number.NaN;
  /** Event time of its newest row, ms; NaN without rows. */
  lastAt = Number.NaN;
  #bars: number[] = [];
  #barAt = Number.NEGATIVE_INFINITY;

  /** @param columns Number of numeric columns. */
  constructor(columns: number) {
    this.values = new Float64Array(columns).fill(Number.NaN);
  }

  /** The largest score of each second with rows, oldest first, at most {@link MAX_BARS}; NaN: not scored. */
  get bars(): readonly number[] {
    return this.#bars;
  }

  /**
   * Adds a row.
   *
   * @param timeMs Event time.
   * @param score NaN: not scored.
   */
  add(timeMs: number, score: number): void {
    this.lastAt = timeMs;
    this.score = score;
    const last = this.#bars.length - 1;
    if (timeMs - this.#barAt < BAR_MS && last >= 0) {
      const before = this.#bars[last] as number;
      if (!(before >= score)) this.#bars[last] = Number.isNaN(score) ? before : score;
      return;
    }
    this.#barAt = timeMs;
    this.#bars.push(score);
    if (this.#bars.length > MAX_BARS) this.#bars.shift();
  }
}
