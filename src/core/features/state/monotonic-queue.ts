import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes } from "../../units/object-bytes.ts";

/**
 * Candidates for the minimum of a window, smallest and oldest first: a sample is dropped as soon as a
 * newer one is not larger. O(1) per sample, amortised. Starts small and doubles up to `maxRows`.
 *
 * Source: D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per
 * element", Nordic Journal of Computing 13 (2006).
 */
export class MonotonicQueue {
  readonly #maxRows: number;
  #rows: Float64Array; // row number of each candidate, ascending
  #values: Float64Array;
  #head = 0;
  #length = 0;

  /** @param maxRows Maximum number of rows in the window. */
  constructor(maxRows: number) {
    this.#maxRows = maxRows;
    const initial = Math.min(maxRows, 8);
    this.#rows = new Float64Array(initial);
    this.#values = new Float64Array(initial);
  }

  /** The minimum; undefined behaviour when the window has no sample. */
  get first(): number {
    return this.#values[this.#head] as number;
  }

  /** Forgets rows before `row`. */
  expire(row: number): void {
    while (this.#length > 0 && (this.#rows[this.#head] as number) < row) {
      this.#head = this.#wrap(this.#head + 1);
      this.#length -= 1;
    }
  }

  /** Lets a sample enter, not NaN; rows that left the window must have expired. */
  push(row: number, x: number): void {
    while (
      this.#length > 0 &&
      (this.#values[this.#wrap(this.#head + this.#length - 1)] as number) >= x
    )
      this.#length -= 1;
    if (this.#length === this.#rows.length) this.#grow();
    const at = this.#wrap(this.#head + this.#length);
    this.#rows[at] = row;
    this.#values[at] = x;
    this.#length += 1;
  }

  /** Bytes held now. */
  get bytes(): number {
    return 2 * float64Bytes(this.#rows.length);
  }

  /** Maximum bytes held. */
  get maxBytes(): number {
    return 2 * float64Bytes(this.#maxRows);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#length);
    for (let i = 0; i < this.#length; i++) {
      const at = this.#wrap(this.#head + i);
      writer.f64(this.#rows[at] as number);
      writer.f64(this.#values[at] as number);
    }
  }

  /** @throws {RangeError} If more was saved than a window can hold. */
  load(reader: StateReader): void {
    const length = reader.u32();
    if (length > this.#maxRows) {
      throw new RangeError(`Saved queue of ${length} samples does not fit into ${this.#maxRows}`);
    }
    this.#head = 0;
    this.#length = 0;
    for (let i = 0; i < length; i++) {
      const row = reader.f64();
      this.push(row, reader.f64());
    }
  }

  #wrap(i: number): number {
    const size = this.#rows.length;
    return i >= size ? i - size : i;
  }

  #grow(): void {
    const size = Math.min(this.#maxRows, this.#rows.length * 2);
    const rows = new Float64Array(size);
    const values = new Float64Array(size);
    for (let i = 0; i < this.#length; i++) {
      const at = this.#wrap(this.#head + i);
      rows[i] = this.#rows[at] as number;
      values[i] = this.#values[at] as number;
    }
    this.#rows = rows;
    this.#values = values;
    this.#head = 0;
  }
}
