/** A stretch of time, seconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Of the whole, below which nothing is drawn larger. */
const LEAST_PART = 1e-6;

/** The stretch of time that charts show, the same in all of them. */
export class Zoom {
  readonly whole: TimeRange;
  readonly #listeners: (() => void)[] = [];
  #range: TimeRange;

  constructor(whole: TimeRange) {
    this.whole = whole;
    this.#range = whole;
  }

  get range(): TimeRange {
    return this.#range;
  }

  /** Whether a part is shown. */
  get isIn(): boolean {
    return this.#range.from > this.whole.from || this.#range.to < this.whole.to;
  }

  /** @param listener Called after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Shows these times, as far as there are readings. */
  show({ from, to }: TimeRange): void {
    const { whole } = this;
    const size = whole.to - whole.from;
    const wanted = Math.min(Math.max(to - from, size * LEAST_PART), size);
    const middle = (from + to) / 2;
    const start = Math.min(Math.max(middle - wanted / 2, whole.from), whole.to - wanted);
    this.#range = { from: start, to: start + wanted };
    for (const listener of this.#listeners) listener();
  }

  /** Shows `factor` times as much time around `at`, which stays in its place. */
  scale(factor: number, at = (this.#range.from + this.#range.to) / 2): void {
    const { from, to } = this.#range;
    this.show({ from: at - factor * (at - from), to: at + factor * (to - at) });
  }

  /** Moves by a part of what is shown: 0.5 by half of it, later. */
  move(part: number): void {
    const { from, to } = this.#range;
    const step = part * (to - from);
    this.show({ from: from + step, to: to + step });
  }

  /** Shows everything. */
  reset(): void {
    this.show(this.whole);
  }
}
