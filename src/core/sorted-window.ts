import { SortedValues, sortedValuesBytes } from "./sorted-values.ts";
import type { StateReader, StateWriter } from "./state-codec.ts";

/** Room at the start. Small windows are allocated at once: what growing leaves behind fragments memory. */
const INITIAL_CAPACITY = 512;
const GROWTH = 4;
/** Of a window's objects and array headers, measured on Node 20. */
const OVERHEAD_BYTES = 2000;

/**
 * The newest values of one feature or score, held both in order of arrival and sorted.
 *
 * Storage starts small and grows up to `capacity`. All values must be finite.
 *
 * | Method                            | Time                                            |
 * | --------------------------------- | ----------------------------------------------- |
 * | `countBelow`, `countAtMost`, `at` | O(log length)                                   |
 * | `push`, `slide`                   | O(log length) + moves of tens of values, not more |
 */
export class SortedWindow {
  readonly #capacity: number;
  readonly #sorted: SortedValues;
  #arrivals: Float64Array; // a ring
  /** Of each arrival: its place in `#sorted` when it came. */
  #places: Uint16Array;
  #head = 0; // index of the oldest arrival
  #length = 0;

  /**
   * @param capacity Most values ever held.
   * @throws {RangeError} If `capacity` is not a positive integer.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Window capacity must be a positive integer, got ${capacity}`);
    }
    this.#capacity = capacity;
    this.#sorted = new SortedValues(capacity);
    this.#arrivals = new Float64Array(Math.min(capacity, INITIAL_CAPACITY));
    this.#places = new Uint16Array(this.#arrivals.length);
  }

  /** Values held now, `0 <= length <= capacity`. */
  get length(): number {
    return this.#length;
  }

  /** Bytes held now, about. */
  get bytes(): number {
    return (
      this.#sorted.bytes + this.#arrivals.byteLength + this.#places.byteLength + OVERHEAD_BYTES
    );
  }

  /** The `i`-th smallest value, `0 <= i < length`; undefined behaviour outside. */
  at(i: number): number {
    return this.#sorted.at(i);
  }

  /** How many values are `< from[i]`. */
  countBelow(from: Float64Array, i: number): number {
    return this.#sorted.countBelow(from, i);
  }

  /** How many values are `<= from[i]`, right after {@link countBelow} of the same one gave `below`. */
  countAtMost(from: Float64Array, i: number, below: number): number {
    return this.#sorted.countAtMost(from, i, below);
  }

  /** How many values are below the one that came first. The window must not be empty. */
  rankOfOldest(): number {
    return this.#sorted.countBelow(this.#arrivals, this.#head);
  }

  /** Sum of `at(i) - base` for `from <= i < to`, in this order. O(to - from). */
  excess(from: number, to: number, base: number): number {
    return this.#sorted.excess(from, to, base);
  }

  /**
   * Adds `from[i]` to the values held.
   *
   * @throws {RangeError} If the window is full: then {@link slide}.
   */
  push(from: Float64Array, i: number): void {
    if (this.#length === this.#capacity) throw new RangeError("The window is full");
    if (this.#length === this.#arrivals.length) this.#grow();
    const newest = this.#wrap(this.#head + this.#length);
    this.#arrivals[newest] = from[i] as number;
    this.#length += 1;
    this.#places[newest] = this.#sorted.insert(from, i);
  }

  /** Puts `from[i]` in the place of the oldest value. The window must not be empty. */
  slide(from: Float64Array, i: number): void {
    const arrivals = this.#arrivals;
    const oldest = this.#head;
    const left = this.#places[oldest] as number;
    const place = this.#sorted.replace(arrivals, oldest, left, from, i);
    this.#head = this.#wrap(oldest + 1);
    const newest = this.#wrap(this.#head + this.#length - 1);
    arrivals[newest] = from[i] as number;
    this.#places[newest] = place;
  }

  /** Writes the values in order of arrival: their sorted form follows from them. */
  save(writer: StateWriter): void {
    writer.u32(this.#length);
    const tail = Math.min(this.#length, this.#arrivals.length - this.#head);
    writer.f64s(this.#arrivals, this.#head, tail);
    writer.f64s(this.#arrivals, 0, this.#length - tail);
  }

  /**
   * Takes the place of an empty window.
   *
   * @throws {RangeError} If more values were saved than this window may hold.
   */
  load(reader: StateReader): void {
    const length = reader.u32();
    if (length > this.#capacity || length * 8 > reader.remaining) {
      throw new RangeError(`Saved window of ${length} values does not fit into ${this.#capacity}`);
    }
    while (this.#arrivals.length < length) this.#grow();
    reader.f64s(this.#arrivals, 0, length);
    this.#length = length;
    this.#sorted.reset(this.#arrivals.slice(0, length).sort());
  }

  #wrap(i: number): number {
    const size = this.#arrivals.length;
    return i >= size ? i - size : i;
  }

  #grow(): void {
    const arrivals = new Float64Array(Math.min(this.#capacity, this.#arrivals.length * GROWTH));
    arrivals.set(this.#arrivals.subarray(this.#head));
    arrivals.set(this.#arrivals.subarray(0, this.#head), this.#arrivals.length - this.#head);
    const places = new Uint16Array(arrivals.length);
    places.set(this.#places.subarray(this.#head));
    places.set(this.#places.subarray(0, this.#head), this.#places.length - this.#head);
    this.#arrivals = arrivals;
    this.#places = places;
    this.#head = 0;
  }
}

/** Bytes that a full window takes, about. */
export function sortedWindowBytes(capacity: number): number {
  return sortedValuesBytes(capacity) + 10 * capacity + OVERHEAD_BYTES;
}
