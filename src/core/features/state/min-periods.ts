/** How many non-missing values a window needs before it has a result. */
export class MinPeriods {
  readonly #least: number;
  /** 0: half of the rows in the window. */
  readonly #fixed: number;

  /**
   * @param least Minimum of the function.
   * @param given Setting of the pipeline; null: half of the window.
   * @param rows Rows of the window; NaN for a duration, whose half changes from row to row.
   */
  constructor(least: number, given: number | null, rows: number) {
    this.#least = least;
    const half = Number.isNaN(rows) ? 0 : Math.ceil(rows / 2);
    this.#fixed = given === null && half === 0 ? 0 : Math.max(least, given ?? half);
  }

  /** The number needed for a window with `size` rows. */
  at(size: number): number {
    if (this.#fixed > 0) return this.#fixed;
    return Math.max(this.#least, (size + 1) >>> 1);
  }
}
