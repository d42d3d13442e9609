import { larger } from "../extremes.ts";

const DEFAULT_BUCKETS = 120;

/**
 * A series of any length in bounded memory, for a sparkline: the maximum of each of at most
 * `capacity` equally long stretches. When they are full, neighbours merge. NaN is "no score".
 */
export class ScoreSeries {
  readonly #maxima: Float64Array;
  #perBucket = 1;
  #length = 0;

  /**
   * @param capacity Most buckets kept; even, so that they merge in pairs.
   * @throws {RangeError} If `capacity` is not an even number >= 2.
   */
  constructor(capacity = DEFAULT_BUCKETS) {
    if (!(capacity >= 2 && capacity % 2 === 0)) {
      throw new RangeError(`capacity must be an even number >= 2, current value is ${capacity}`);
    }
    this.#maxima = new Float64Array(capacity);
  }

  /** Appends a value. Amortised O(1). */
  add(value: number): void {
    if (this.#length === this.#maxima.length * this.#perBucket) this.#merge();
    const bucket = Math.floor(this.#length / this.#perBucket);
    const fresh = this.#length % this.#perBucket === 0;
    const known = fresh ? Number.NaN : (this.#maxima[bucket] as number);
    this.#maxima[bucket] = larger(known, value);
    this.#length += 1;
  }

  /**
   * The series in at most `width` buckets, in order; the last may stand for fewer values. NaN: none
   * of its values was a number.
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

  #merge(): void {
    const maxima = this.#maxima;
    for (let i = 0; i < maxima.length / 2; i++) {
      maxima[i] = larger(maxima[2 * i] as number, maxima[2 * i + 1] as number);
    }
    this.#perBucket *= 2;
  }
}
