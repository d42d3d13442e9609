const INITIAL_CAPACITY = 64;

/**
 * A simple sorted window, as an oracle for tests and a baseline for benchmarks: one flat sorted array, one
 * move per slide.
 */
export class FlatWindow {
  readonly #capacity: number;
  #sorted: Float64Array;
  #arrivals: Float64Array;
  #head = 0; // index of the oldest arrival
  #length = 0;

  /**
   * @param capacity Largest number of values.
   * @throws {RangeError} If `capacity` is not a positive integer.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Window capacity must be a positive integer, got ${capacity}`);
    }
    this.#capacity = capacity;
    const initial = Math.min(capacity, INITIAL_CAPACITY);
    this.#sorted = new Float64Array(initial);
    this.#arrivals = new Float64Array(initial);
  }

  /** Number of values, `0 <= length <= capacity`. */
  get length(): number {
    return this.#length;
  }

  /** The `i`-th smallest value, `0 <= i < length`; undefined behaviour outside. */
  at(i: number): number {
    return this.#sorted[i] as number;
  }

  /** Number of values `< x`. */
  countBelow(x: number): number {
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

  /** Number of values `<= x`. */
  countAtMost(x: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Adds `x`.
   *
   * @throws {RangeError} If the window is full: then {@link slide}.
   */
  push(x: number): void {
    if (this.#length === this.#capacity) throw new RangeError("The window is full");
    if (this.#length === this.#sorted.length) this.#grow();
    const at = this.countBelow(x);
    this.#sorted.copyWithin(at + 1, at, this.#length);
    this.#sorted[at] = x;
    this.#arrivals[this.#wrap(this.#head + this.#length)] = x;
    this.#length += 1;
  }

  /** Replaces the oldest value by `x`. The window must not be empty. */
  slide(x: number): void {
    const sorted = this.#sorted;
    const oldest = this.#arrivals[this.#head] as number;
    this.#head = this.#wrap(this.#head + 1);
    this.#arrivals[this.#wrap(this.#head + this.#length - 1)] = x;
    const from = this.countBelow(oldest);
    const to = this.countBelow(x);
    if (to > from) {
      // every value between the two positions moves down by one
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = x;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = x;
    }
  }

  #wrap(i: number): number {
    const size = this.#arrivals.length;
    return i >= size ? i - size : i;
  }

  #grow(): void {
    const size = Math.min(this.#capacity, this.#sorted.length * 2);
    const sorted = new Float64Array(size);
    sorted.set(this.#sorted.subarray(0, this.#length));
    const arrivals = new Float64Array(size);
    arrivals.set(this.#arrivals.subarray(this.#head));
    arrivals.set(this.#arrivals.subarray(0, this.#head), this.#arrivals.length - this.#head);
    this.#sorted = sorted;
    this.#arrivals = arrivals;
    this.#head = 0;
  }
}
