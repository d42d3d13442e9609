import type { RowBlock, Window } from "../rolling-function.ts";

/**
 * How far back a window reaches, row by row: the last n rows, or the rows of event time (t - ms, t] that have arrived,
 * of those the newest `maxRows`. Shared by the features on that window, of all keys.
 */
export class WindowExtent {
  readonly #window: Window;
  readonly #maxRows: number;

  /** @param maxRows Maximum number of rows in a duration. */
  constructor(window: Window, maxRows: number) {
    this.#window = window;
    this.#maxRows = window.kind === "rows" ? window.rows : maxRows;
  }

  /** Maximum number of rows in the window. */
  get maxRows(): number {
    return this.#maxRows;
  }

  /**
   * Lets the new rows of `block` enter: sets `held`, `sizes` and `readyFrom`.
   *
   * @param held Rows in the window before.
   * @param firstTime Event time of the first row of the key, ms.
   * @returns Rows in the window after them.
   */
  advance(block: RowBlock, held: number, firstTime: number): number {
    block.held = held;
    return this.#window.kind === "rows"
      ? this.#advanceRows(block)
      : this.#advanceDuration(block, this.#window.ms, firstTime);
  }

  /**
   * Checks a saved number of rows in the window, and returns it.
   *
   * @param kept Rows on the tape.
   * @throws {RangeError} If the window held more rows than it or the tape may.
   */
  checked(held: number, kept: number): number {
    if (held > this.#maxRows || held > kept) {
      throw new RangeError(`Saved window of ${held} rows does not fit`);
    }
    return held;
  }

  #advanceRows(block: RowBlock): number {
    const rows = this.#maxRows;
    const { sizes, count } = block;
    let { held } = block;
    for (let i = 0; i < count; i++) {
      if (held < rows) held += 1;
      sizes[i] = held;
    }
    block.readyFrom = Math.min(count, Math.max(0, rows - 1 - block.row));
    return held;
  }

  #advanceDuration(block: RowBlock, ms: number, firstTime: number): number {
    const { times, start, count, sizes } = block;
    let low = start - block.held;
    let ready = count;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const time = times[end - 1] as number;
      while (time - (times[low] as number) >= ms) low += 1;
      if (end - low > this.#maxRows) low = end - this.#maxRows;
      sizes[i] = end - low;
      if (ready > i && time - firstTime >= ms) ready = i;
    }
    block.readyFrom = ready;
    return start + count - low;
  }
}
