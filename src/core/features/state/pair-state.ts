import type { FixedState, RowBlock } from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "./cells.ts";
import { LastPresent } from "./last-present.ts";
import { finiteOrMissing } from "./samples.ts";

/** Rows of a window with a value and the one before it. */
export const PAIR_ROWS = 2;

/** A rate from the last value present to the newest one, whatever is missing between them. O(1) per row. */
export class PairState implements FixedState {
  readonly last = new LastPresent();
  readonly #rate: (before: number, after: number, ms: number) => number;
  /** After a state of an earlier version: how many rows the last value is before the next one; 0: it is known. */
  #back = 0;

  /** @param rate The rate between two values and their times, ms apart. */
  constructor(rate: (before: number, after: number, ms: number) => number) {
    this.#rate = rate;
  }

  apply({ samples, times, start, count }: RowBlock, out: Float64Array, offset: number): void {
    if (this.#back > 0 && Number.isNaN(this.last.value)) {
      this.last.value = samples[start - this.#back] as number;
      this.last.time = times[start - this.#back] as number;
    }
    this.#back = 0;
    let { value, time } = this.last;
    for (let i = 0; i < count; i++) {
      const newest = samples[start + i] as number;
      const now = times[start + i] as number;
      out[offset + i] = finiteOrMissing(this.#rate(value, newest, now - time));
      if (Number.isNaN(newest)) continue;
      value = newest;
      time = now;
    }
    this.last.value = value;
    this.last.time = time;
  }

  /** In the form of a window: earlier versions kept how many values it has, and where the oldest and newest are. */
  save(sink: NumberSink): void {
    sink.u32(0);
    sink.u32(0);
    sink.u32(this.#back);
  }

  load(source: NumberSource): void {
    source.u32();
    source.u32();
    this.#back = source.u32();
  }
}
