import type { StateReader, StateWriter } from "../../state-codec.ts";
import type { RowBlock, Window } from "../rolling-function.ts";

/**
 * How far back one window of one key reaches, row by row: the last n rows, or the rows of event time
 * (t - ms, t] that have arrived, of those the newest `maxRows`. Shared by the features on that window.
 */
export class WindowExtent {
  readonly #window: Window;
  readonly #maxRows: number;
  #held = 0;

  /** @param maxRows Maximum number of rows in a duration. */
  constructor(window: Window, maxRows: number) {
    this.#window = window;
    this.#maxRows = window.kind === "rows" ? window.rows : maxRows;
  }

  /** Rows in the window now. */
  get held(): number {
    return this.#held;
  }

  /** Maximum number of rows in the window. */
  get maxRows(): number {
    return this.#maxRows;
  }

  /**
   * Lets the new rows of `block` enter: sets `held`, `sizes` and `readyFrom`.
   *
   * @param firstTime Event time of the first row of the key, ms.
   */
  advance(block: RowBlock, firstTime: number): void {
    block.held = this.#held;
    if (this.#window.kind === "rows") this.#advanceRows(block);
    else this.#advanceDuration(block, this.#window.ms, firstTime);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#held);
  }

  /**
   * @param kept Rows on the tape.
   * @throws {RangeError} If the window held more rows than it or the tape may.
   */
  load(reader: StateReader, kept: number): void {
    const held = reader.u32();
    if (held > this.#maxRows || held > kept) {
      throw new RangeError(`Saved window of ${held} rows does not fit`);
    }
    this.#held = held;
  }

  #advanceRows(block: RowBlock): void {
    const rows = this.#maxRows;
    const { sizes, count } = block;
    let held = this.#held;
    for (let i = 0; i < count; i++) {
      if (held < rows) held += 1;
      sizes[i] = held;
    }
    this.#held = held;
    block.readyFrom = Math.min(count, Math.max(0, rows - 1 - block.row));
  }

  #advanceDuration(block: RowBlock, ms: number, firstTime: number): void {
    const { times, start, count, sizes } = block;
    let low = start - this.#held;
    let ready = count;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const time = times[end - 1] as number;
      while (time - (times[low] as number) >= ms) low += 1;
      if (end - low > this.#maxRows) low = end - this.#maxRows;
      sizes[i] = end - low;
      if (ready > i && time - firstTime >= ms) ready = i;
    }
    this.#held = start + count - low;
    block.readyFrom = ready;
  }
}
