import type { StateReader, StateWriter } from "../state-codec.ts";
import type { Kernel, WindowMemory } from "./window-memory.ts";

/** Of a window's objects, and of its head, measured on Node 20. */
const OVERHEAD_BYTES = 500;
/** What a block of up to 64 values takes, and how full blocks are on average, about. */
const BLOCK_BYTES = 64 * 8 + 24;
const TYPICAL_FILL = 0.64 * 64;

/**
 * The newest values of one feature or score, held both in order of arrival and sorted. All values must be
 * finite.
 *
 * Values are passed as an array and an index: one that crosses a call by itself may be boxed.
 *
 * | Method          | Time                                                                              |
 * | --------------- | --------------------------------------------------------------------------------- |
 * | `countBelow`    | O(length / 500 + log length), O(1) near the last one                              |
 * | `at`            | O(length / 500)                                                                   |
 * | `push`, `slide` | as `countBelow`, and moves of tens of values; now and then O(length / 50), rarely O(length) |
 */
export class SortedWindow {
  /** Where it lies in its memory. */
  readonly address: number;
  readonly #memory: WindowMemory;
  readonly #kernel: Kernel;
  readonly #capacity: number;

  /**
   * @param capacity Most values ever held.
   * @throws {RangeError} If `capacity` is not a positive integer.
   */
  constructor(memory: WindowMemory, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Window capacity must be a positive integer, got ${capacity}`);
    }
    this.#memory = memory;
    this.#kernel = memory.kernel;
    this.#capacity = capacity;
    this.address = memory.createWindow(capacity);
  }

  /** Values held now, `0 <= length <= capacity`. */
  get length(): number {
    return this.#kernel.length(this.address);
  }

  /** Bytes held now, about. */
  get bytes(): number {
    return (this.#kernel.heldBytes(this.address) >>> 0) + OVERHEAD_BYTES;
  }

  /** The `i`-th smallest value, `0 <= i < length`; undefined behaviour outside. */
  at(i: number): number {
    return this.#kernel.at(this.address, i);
  }

  /** How many values are `< from[i]`. */
  countBelow(from: Float64Array, i: number): number {
    return this.#kernel.countBelow(this.address, from[i] as number);
  }

  /** How many values are below the one that came first. The window must not be empty. */
  rankOfOldest(): number {
    return this.#kernel.countBelow(this.address, this.#kernel.oldest(this.address));
  }

  /** Sum of `at(i) - base` for `from <= i < to`, in this order. O(to - from). */
  excess(from: number, to: number, base: number): number {
    return this.#kernel.excess(this.address, from, to, base);
  }

  /**
   * Adds `from[i]` to the values held.
   *
   * @throws {RangeError} If the window is full: then {@link slide}.
   */
  push(from: Float64Array, i: number): void {
    if (this.length === this.#capacity) throw new RangeError("The window is full");
    this.#kernel.push(this.address, from[i] as number);
  }

  /** Puts `from[i]` in the place of the oldest value. The window must not be empty. */
  slide(from: Float64Array, i: number): void {
    this.#kernel.slide(this.address, from[i] as number);
  }

  /** Writes the values in order of arrival: their sorted form follows from them. */
  save(writer: StateWriter): void {
    const { length } = this;
    const head = this.#kernel.head(this.address);
    const tail = Math.min(length, this.#capacity - head);
    writer.u32(length);
    writer.f64s(this.#memory.numbers, this.#arrivals + head, tail);
    writer.f64s(this.#memory.numbers, this.#arrivals, length - tail);
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
    reader.f64s(this.#memory.numbers, this.#arrivals, length);
    this.#kernel.refill(this.address, length);
  }

  /** Index of the ring of arrivals. */
  get #arrivals(): number {
    return this.#kernel.arrivals(this.address) >>> 3;
  }
}

/** Bytes that a full window takes, about. */
export function sortedWindowBytes(capacity: number): number {
  const blocks = Math.ceil(capacity / TYPICAL_FILL) + 1;
  return blocks * BLOCK_BYTES + 10 * capacity + OVERHEAD_BYTES;
}
