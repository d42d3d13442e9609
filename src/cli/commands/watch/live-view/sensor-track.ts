/** Scores that are kept for the sparkline. */
export const MOST_BARS = 60;
/** Event time of one bar at the least, ms. */
const BAR_MS = 1000;

/** What a live view keeps of one sensor, next to what its pipeline knows. */
export class SensorTrack {
  /** Newest value that was there, by numeric column; NaN: none yet. */
  readonly values: Float64Array;
  /** Largest score of its detectors in its newest row; NaN: there is none. */
  score = Number.NaN;
  /** Event time of its newest row, ms; NaN: there is none. */
  lastAt = Number.NaN;
  #bars: number[] = [];
  #barAt = Number.NEGATIVE_INFINITY;

  /** @param columns Number of numeric columns. */
  constructor(columns: number) {
    this.values = new Float64Array(columns).fill(Number.NaN);
  }

  /** Largest scores, oldest first, at most {@link MOST_BARS}; NaN: not scored. Each is of a second or more. */
  get bars(): readonly number[] {
    return this.#bars;
  }

  /**
   * A row came.
   *
   * @param timeMs Event time.
   * @param score NaN: not scored.
   */
  see(timeMs: number, score: number): void {
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
    if (this.#bars.length > MOST_BARS) this.#bars.shift();
  }
}
