import type { NumberSink, NumberSource } from "./cells.ts";
import { centralSample, hasCancelled, REFRESH_ROWS } from "./power-sums.ts";

/**
 * Sums of powers of the samples of a window, for mean, variance and higher moments. O(1) per sample,
 * amortised.
 *
 * The powers are of `x - pivot`; the pivot is a sample of the window. Running sums drift, keep rounding
 * errors of removed spikes, and cancel when the level moves away from the pivot. So the sums are
 * recomputed from the window, with the sample nearest the mean as pivot: every max(window,
 * {@link REFRESH_ROWS}) rows, when the sum of squares has fallen to 1/16 of its peak, and when
 * (mean - pivot)^2 is 15 times the variance. After that, (mean - pivot)^2 is at most the variance, so
 * steady drift costs one pass per window. A window of equal values has sums of exactly 0.
 *
 * Missing samples (NaN) are skipped. Formulas: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for
 * computing the sample variance", The American Statistician 37 (1983): shifted data, two passes.
 */
export class Moments {
  readonly #higher: boolean;
  #count = 0;
  #pivot = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;
  #s4 = 0;
  #peak = 0; // largest s2 since the last refresh
  #age = 0; // rows since then

  /** @param higher Whether to keep third and fourth moments. */
  constructor(higher: boolean) {
    this.#higher = higher;
  }

  /** Non-missing samples in the window. */
  get count(): number {
    return this.#count;
  }

  /** Adds a sample. */
  add(x: number): void {
    if (Number.isNaN(x)) return;
    if (this.#count === 0) this.#clear(x);
    this.#enter(x);
  }

  /** Removes an added sample. */
  remove(x: number): void {
    if (Number.isNaN(x)) return;
    this.#count -= 1;
    if (this.#count === 0) {
      this.#clear(0);
      return;
    }
    const d = x - this.#pivot;
    const d2 = d * d;
    this.#s1 -= d;
    this.#s2 -= d2;
    if (this.#higher) {
      this.#s3 -= d2 * d;
      this.#s4 -= d2 * d2;
    }
  }

  /** Ends a row; `samples[low..high)` is the current window. Results are valid until the next row. */
  settle(samples: Float64Array, low: number, high: number): void {
    this.#age += 1;
    if (
      this.#age >= Math.max(REFRESH_ROWS, high - low) ||
      hasCancelled(this.#count, this.#s1, this.#s2, this.#peak)
    ) {
      this.#refresh(samples, low, high);
    }
  }

  /** Arithmetic mean; NaN for no samples. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#pivot + this.#s1 / this.#count;
  }

  /** Sum. Exact for integers up to 2^53. */
  get sum(): number {
    return this.#count * this.#pivot + this.#s1;
  }

  /** Sum of squared deviations from the mean, at least 0. */
  get deviation2(): number {
    const s2 = this.#s2 - (this.#s1 * this.#s1) / this.#count;
    return Math.max(s2, 0);
  }

  /** Sum of cubed deviations from the mean. */
  get deviation3(): number {
    const m = this.#s1 / this.#count;
    return this.#s3 - 3 * m * this.#s2 + 2 * m * m * this.#s1;
  }

  /** Sum of fourth powers of deviations from the mean. */
  get deviation4(): number {
    const m = this.#s1 / this.#count;
    return this.#s4 - 4 * m * this.#s3 + 6 * m * m * this.#s2 - 3 * m * m * m * this.#s1;
  }

  save(sink: NumberSink): void {
    sink.u32(this.#count);
    sink.u32(this.#age);
    sink.f64(this.#pivot);
    sink.f64(this.#s1);
    sink.f64(this.#s2);
    sink.f64(this.#s3);
    sink.f64(this.#s4);
    sink.f64(this.#peak);
  }

  load(source: NumberSource): void {
    this.#count = source.u32();
    this.#age = source.u32();
    this.#pivot = source.f64();
    this.#s1 = source.f64();
    this.#s2 = source.f64();
    this.#s3 = source.f64();
    this.#s4 = source.f64();
    this.#peak = source.f64();
  }

  #clear(pivot: number): void {
    this.#count = 0;
    this.#pivot = pivot;
    this.#s1 = 0;
    this.#s2 = 0;
    this.#s3 = 0;
    this.#s4 = 0;
    this.#peak = 0;
  }

  #enter(x: number): void {
    this.#count += 1;
    const d = x - this.#pivot;
    const d2 = d * d;
    this.#s1 += d;
    this.#s2 += d2;
    if (this.#s2 > this.#peak) this.#peak = this.#s2;
    if (this.#higher) {
      this.#s3 += d2 * d;
      this.#s4 += d2 * d2;
    }
  }

  #refresh(samples: Float64Array, low: number, high: number): void {
    this.#clear(centralSample(samples, samples, low, high));
    for (let i = low; i < high; i++) {
      const x = samples[i] as number;
      if (!Number.isNaN(x)) this.#enter(x);
    }
    this.#age = 0;
  }
}
