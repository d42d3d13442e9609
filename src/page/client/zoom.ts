/** A time range, seconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Smallest visible share of the whole range. */
const MIN_PART = 1e-6;

/** The visible time range, shared by all charts. */
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

  /** @param listener Called after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Shows this range, clipped to the whole. */
  show({ from, to }: TimeRange): void {
    const { whole } = this;
    const size = whole.to - whole.from;
    const wanted = Math.min(Math.max(to - from, size * MIN_PART), size);
    const middle = (from + to) / 2;
    const start = Math.min(Math.max(middle - wanted / 2, whole.from), whole.to - wanted);
    this.#range = { from: start, to: start + wanted };
    for (const listener of this.#listeners) listener();
  }

  /** Scales the range by `factor` around `at`. */
  scale(factor: number, at = (this.#range.from + this.#range.to) / 2): void {
    const { from, to } = this.#range;
    this.show({ from: at - factor * (at - from), to: at + factor * (to - at) });
  }

  /** Moves by a share of the visible range: 0.5 is half of it later. */
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
