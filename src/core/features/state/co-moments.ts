import type { NumberSink, NumberSource } from "./cells.ts";
import { centralSample, hasCancelled, REFRESH_ROWS } from "./power-sums.ts";

/**
 * Sums of squares and products of two columns over a window, for slope and correlation. O(1) per row,
 * amortised.
 *
 * Like `Moments`, keeps sums about a pivot and recomputes them when either column loses digits. Skips
 * rows in which either column is missing (NaN).
 */
export class CoMoments {
  #count = 0;
  #pivotX = 0;
  #pivotY = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;
  #peakX = 0; // largest xx since the last refresh
  #peakY = 0;
  #age = 0; // rows since then

  /** Rows of the window with both values. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row. */
  add(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    if (this.#count === 0) this.#clear(x, y);
    this.#enter(x, y);
  }

  /** Removes an added row. */
  remove(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    this.#count -= 1;
    if (this.#count === 0) {
      this.#clear(0, 0);
      return;
    }
    const dx = x - this.#pivotX;
    const dy = y - this.#pivotY;
    this.#x -= dx;
    this.#y -= dy;
    this.#xx -= dx * dx;
    this.#yy -= dy * dy;
    this.#xy -= dx * dy;
  }

  /** Ends a row; `[low..high)` of both columns is the current window. */
  settle(xs: Float64Array, ys: Float64Array, low: number, high: number): void {
    this.#age += 1;
    if (
      this.#age >= Math.max(REFRESH_ROWS, high - low) ||
      hasCancelled(this.#count, this.#x, this.#xx, this.#peakX) ||
      hasCancelled(this.#count, this.#y, this.#yy, this.#peakY)
    ) {
      this.#refresh(xs, ys, low, high);
    }
  }

  /** Sum of squared deviations of x from its mean. */
  get xx(): number {
    return this.#xx - (this.#x * this.#x) / this.#count;
  }

  /** Sum of squared deviations of y from its mean. */
  get yy(): number {
    return this.#yy - (this.#y * this.#y) / this.#count;
  }

  /** Sum of products of the deviations. */
  get xy(): number {
    return this.#xy - (this.#x * this.#y) / this.#count;
  }

  save(sink: NumberSink): void {
    sink.u32(this.#count);
    sink.u32(this.#age);
    for (const value of [this.#pivotX, this.#pivotY, this.#x, this.#y]) sink.f64(value);
    for (const value of [this.#xx, this.#yy, this.#xy]) sink.f64(value);
    for (const value of [this.#peakX, this.#peakY]) sink.f64(value);
  }

  load(source: NumberSource): void {
    this.#count = source.u32();
    this.#age = source.u32();
    this.#pivotX = source.f64();
    this.#pivotY = source.f64();
    this.#x = source.f64();
    this.#y = source.f64();
    this.#xx = source.f64();
    this.#yy = source.f64();
    this.#xy = source.f64();
    this.#peakX = source.f64();
    this.#peakY = source.f64();
  }

  #clear(pivotX: number, pivotY: number): void {
    this.#count = 0;
    this.#pivotX = pivotX;
    this.#pivotY = pivotY;
    this.#x = 0;
    this.#y = 0;
    this.#xx = 0;
    this.#yy = 0;
    this.#xy = 0;
    this.#peakX = 0;
    this.#peakY = 0;
  }

  #enter(x: number, y: number): void {
    this.#count += 1;
    const dx = x - this.#pivotX;
    const dy = y - this.#pivotY;
    this.#x += dx;
    this.#y += dy;
    this.#xx += dx * dx;
    this.#yy += dy * dy;
    this.#xy += dx * dy;
    if (this.#xx > this.#peakX) this.#peakX = this.#xx;
    if (this.#yy > this.#peakY) this.#peakY = this.#yy;
  }

  #refresh(xs: Float64Array, ys: Float64Array, low: number, high: number): void {
    this.#clear(centralSample(xs, ys, low, high), centralSample(ys, xs, low, high));
    for (let i = low; i < high; i++) {
      const x = xs[i] as number;
      const y = ys[i] as number;
      if (!Number.isNaN(x) && !Number.isNaN(y)) this.#enter(x, y);
    }
    this.#age = 0;
  }
}
