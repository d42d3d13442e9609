import type { StateReader, StateWriter } from "../state-codec.ts";
import type { History } from "./history.ts";
import type { Kernel, WindowMemory } from "./window-memory.ts";

/** Bytes of the window's objects and its head, measured on Node 20. */
const OVERHEAD_BYTES = 500;
/** Bytes of a block of up to 64 values, and the average number of values in a block. */
const BLOCK_BYTES = 64 * 8 + 24;
const TYPICAL_FILL = 0.64 * 64;

/**
 * The newest values of one feature or score, in order of arrival and sorted. Values must be finite.
 *
 * Methods take a value as array and index, because V8 may box a number argument.
 *
 * | Method          | Time                                                                              |
 * | --------------- | --------------------------------------------------------------------------------- |
 * | `countBelow`    | O(length / 500 + log length), O(1) near the last one                              |
 * | `at`            | O(length / 500)                                                                   |
 * | `push`, `slide` | as `countBelow`, and moves of tens of values; now and then O(length / 50), rarely O(length) |
 */
export class SortedWindow implements History {
  /** Address in its memory. */
  readonly address: number;
  readonly #memory: WindowMemory;
  readonly #kernel: Kernel;
  readonly #capacity: number;

  /**
   * @param capacity Maximum number of values.
   * @param address Of an existing window; null: creates one.
   * @throws {RangeError} If `capacity` is not a positive integer.
   */
  constructor(memory: WindowMemory, capacity: number, address: number | null = null) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Window capacity must be a positive integer, got ${capacity}`);
    }
    this.#memory = memory;
    this.#kernel = memory.kernel;
    this.#capacity = capacity;
    this.address = address ?? memory.createWindow(capacity);
  }

  /** Number of values, `0 <= length <= capacity`. */
  get length(): number {
    return this.#kernel.length(this.address);
  }

  /** Approximate bytes in use. */
  get bytes(): number {
    return (this.#kernel.heldBytes(this.address) >>> 0) + OVERHEAD_BYTES;
  }

  at(i: number): number {
    return this.#kernel.at(this.address, i);
  }

  countAtLeast(from: Float64Array, i: number): number {
    return this.length - this.#kernel.countBelow(this.address, from[i] as number);
  }

  /** O(k). */
  topExcess(k: number): number {
    const n = this.length;
    return this.#kernel.excess(this.address, n - k, n, this.at(n - k - 1)) / k;
  }

  rankOfLeaving(): number {
    if (this.length < this.#capacity) return Number.POSITIVE_INFINITY;
    return this.#kernel.countBelow(this.address, this.#kernel.oldest(this.address));
  }

  add(from: Float64Array, i: number, limit: number): void {
    if (this.length < limit) this.push(from, i);
    else this.slide(from, i);
  }

  /**
   * Adds `from[i]` to the values held.
   *
   * @throws {RangeError} If the window is full; call {@link slide} then.
   */
  push(from: Float64Array, i: number): void {
    if (this.length === this.#capacity) throw new RangeError("The window is full");
    this.#kernel.push(this.address, from[i] as number);
  }

  /** Replaces the oldest value with `from[i]`. The window must not be empty. */
  slide(from: Float64Array, i: number): void {
    this.#kernel.slide(this.address, from[i] as number);
  }

  /** Writes the values in order of arrival; `load` sorts them again. */
  save(writer: StateWriter): void {
    const { length } = this;
    const head = this.#kernel.head(this.address);
    const tail = Math.min(length, this.#capacity - head);
    writer.u32(length);
    writer.f64s(this.#memory.numbers, this.#arrivals + head, tail);
    writer.f64s(this.#memory.numbers, this.#arrivals, length - tail);
  }

  /**
   * Loads saved values into an empty window.
   *
   * @throws {RangeError} If there are more saved values than the capacity.
   */
  load(reader: StateReader): void {
    const length = reader.u32();
    if (length > this.#capacity || length * 8 > reader.remaining) {
      throw new RangeError(`Saved window of ${length} values does not fit into ${this.#capacity}`);
    }
    reader.f64s(this.#memory.numbers, this.#arrivals, length);
    this.#kernel.refill(this.address, length);
  }

  /** Index of the ring of arrivals in the memory's numbers. */
  get #arrivals(): number {
    return this.#kernel.arrivals(this.address) >>> 3;
  }
}

/** Approximate bytes of a full window. */
export function sortedWindowBytes(capacity: number): number {
  const blocks = Math.ceil(capacity / TYPICAL_FILL) + 1;
  return blocks * BLOCK_BYTES + 10 * capacity + OVERHEAD_BYTES;
}
