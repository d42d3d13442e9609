import { larger, mergeBy, requireEven } from "./buckets.ts";

const DEFAULT_BUCKETS = 120;

/**
 * A series of any length in bounded memory, for a sparkline: the maximum of each of at most `capacity`
 * buckets. NaN means no score.
 */
export class ScoreSeries {
  readonly #maxima: Float64Array;
  #perBucket = 1;
  #length = 0;

  /**
   * @param capacity Maximum number of buckets; even.
   * @throws {RangeError} If `capacity` is not an even number >= 2.
   */
  constructor(capacity = DEFAULT_BUCKETS) {
    requireEven(capacity);
    this.#maxima = new Float64Array(capacity);
  }

  /** Appends a value. Amortised O(1). */
  add(value: number): void {
    const maxima = this.#maxima;
    if (this.#length === maxima.length * this.#perBucket) {
      mergeBy(larger, maxima, maxima, 2, maxima.length);
      this.#perBucket *= 2;
    }
    const bucket = Math.floor(this.#length / this.#perBucket);
    const isFresh = this.#length % this.#perBucket === 0;
    maxima[bucket] = isFresh ? value : larger(maxima[bucket] as number, value);
    this.#length += 1;
  }

  /**
   * The series in at most `width` buckets, in order; the last may hold fewer values. NaN: no value of the
   * bucket is a number.
   *
   * @throws {RangeError} If `width` is not a whole number >= 1.
   */
  buckets(width: number): number[] {
    if (!(Number.isInteger(width) && width >= 1)) {
      throw new RangeError(`width must be a whole number >= 1, current value is ${width}`);
    }
    const used = Math.ceil(this.#length / this.#perBucket);
    const shown = Math.min(width, used);
    return Array.from({ length: shown }, (_, i) => {
      const from = Math.floor((i * used) / shown);
      const to = Math.floor(((i + 1) * used) / shown);
      return this.#maxima.subarray(from, to).reduce(larger, Number.NaN);
    });
  }
}
