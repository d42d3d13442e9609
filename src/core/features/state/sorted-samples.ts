import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes } from "../../units/object-bytes.ts";

/**
 * The non-missing samples of a window in ascending order. Entering and leaving is O(log n) and one
 * move of the samples in between. Starts small and doubles up to `maxRows`.
 */
export class SortedSamples {
  readonly #maxRows: number;
  #sorted: Float64Array;
  #length = 0;

  /** @param maxRows Maximum number of rows in the window. */
  constructor(maxRows: number) {
    this.#maxRows = maxRows;
    this.#sorted = new Float64Array(Math.min(maxRows, 16));
  }

  /** Samples held. */
  get length(): number {
    return this.#length;
  }

  /** The `i`-th smallest, `0 <= i < length`; undefined behaviour outside. O(1). */
  at(i: number): number {
    return this.#sorted[i] as number;
  }

  /**
   * The `q`-quantile, linear between neighbours, as Polars' `linear`: position q (n - 1).
   *
   * @param q 0..1. There must be a sample.
   */
  quantile(q: number): number {
    const position = q * (this.#length - 1);
    const below = Math.floor(position);
    const low = this.#sorted[below] as number;
    if (position === below) return low;
    return low + (position - below) * ((this.#sorted[below + 1] as number) - low);
  }

  /** Lets a sample enter; NaN is skipped. */
  add(x: number): void {
    if (Number.isNaN(x)) return;
    if (this.#length === this.#sorted.length) this.#grow();
    const at = this.#rank(x);
    this.#sorted.copyWithin(at + 1, at, this.#length);
    this.#sorted[at] = x + 0; // turns -0 into 0, so that equal samples are the same
    this.#length += 1;
  }

  /** Lets a sample that has entered leave; NaN is skipped. */
  remove(x: number): void {
    if (Number.isNaN(x)) return;
    const at = this.#rank(x);
    this.#sorted.copyWithin(at, at + 1, this.#length);
    this.#length -= 1;
  }

  /** {@link remove} and {@link add} in one move; either may be NaN. */
  replace(old: number, x: number): void {
    if (Number.isNaN(old) || Number.isNaN(x)) {
      this.remove(old);
      this.add(x);
      return;
    }
    const sorted = this.#sorted;
    const from = this.#rank(old);
    const to = this.#rank(x);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = x + 0;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = x + 0;
    }
  }

  /** Bytes held now. */
  get bytes(): number {
    return float64Bytes(this.#sorted.length);
  }

  /** Maximum bytes held. */
  get maxBytes(): number {
    return float64Bytes(this.#maxRows);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#length);
    writer.f64s(this.#sorted, 0, this.#length);
  }

  /** @throws {RangeError} If more was saved than a window can hold. */
  load(reader: StateReader): void {
    const length = reader.u32();
    if (length > this.#maxRows) {
      throw new RangeError(`Saved window of ${length} samples does not fit into ${this.#maxRows}`);
    }
    while (this.#sorted.length < length) this.#grow();
    reader.f64s(this.#sorted, 0, length);
    this.#length = length;
  }

  /** How many samples are `< x`. */
  #rank(x: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#maxRows, this.#sorted.length * 2));
    grown.set(this.#sorted.subarray(0, this.#length));
    this.#sorted = grown;
  }
}
