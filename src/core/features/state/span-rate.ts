import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { GrowingState, RollingSetup, RowBlock } from "../rolling-function.ts";
import type { MinPeriods } from "./min-periods.ts";
import { finiteOrMissing, presentBetween } from "./samples.ts";

type IsReset = (before: number, after: number) => boolean;

/** A step in which the values began again at 0. */
interface Reset {
  /** Index of the value before it; in a saved state its distance from the next row. */
  at: number;
  /** How far the values fell. */
  readonly fall: number;
  readonly ms: number;
}

/**
 * Change per unit of time from the oldest to the newest non-missing value of the window, without the steps of resets. O(1)
 * per row, amortised, and O(resets in the window).
 */
export class SpanRate implements GrowingState {
  readonly bytes = OBJECT_BYTES;
  readonly maxBytes = OBJECT_BYTES;
  readonly #minPeriods: MinPeriods;
  readonly #unitMs: number;
  readonly #isReset: IsReset | null;
  #present = 0;
  // distance of the oldest and newest non-missing value from the next row, in rows
  #oldestBack = 0;
  #newestBack = 0;
  /** In the window, oldest first; `at` is a distance between calls. */
  #resets: Reset[] = [];

  /**
   * @param unitMs Unit of time, ms.
   * @param isReset Whether the values began again at 0 between two of them; null: they never do.
   */
  constructor(setup: RollingSetup, unitMs: number, isReset: IsReset | null = null) {
    this.#minPeriods = setup.minPeriods;
    this.#unitMs = unitMs;
    this.#isReset = isReset;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, times, start, count, sizes, readyFrom } = block;
    let low = start - block.held;
    let oldest = start - this.#oldestBack;
    let newest = start - this.#newestBack;
    this.#move(start);
    for (let i = 0; i < count; i++) {
      const at = start + i;
      const size = sizes[i] as number;
      this.#present -= presentBetween(samples, low, at + 1 - size);
      low = at + 1 - size;
      if (!Number.isNaN(samples[at])) {
        if (this.#isReset !== null && this.#present > 0)
          this.#note(this.#isReset, block, newest, at);
        newest = at;
        this.#present += 1;
      }
      if (this.#present > 0) oldest = firstPresent(samples, Math.max(oldest, low));
      this.#forget(oldest);
      const ready = i >= readyFrom && this.#present >= this.#minPeriods.at(size);
      const change = (samples[newest] as number) - (samples[oldest] as number);
      const ms = (times[newest] as number) - (times[oldest] as number);
      out[offset + i] = ready ? this.#rate(change, ms) : Number.NaN;
    }
    this.#oldestBack = this.#present > 0 ? start + count - oldest : 0;
    this.#newestBack = this.#present > 0 ? start + count - newest : 0;
    this.#move(start + count);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#present);
    writer.u32(this.#oldestBack);
    writer.u32(this.#newestBack);
    if (this.#isReset === null) return;
    writer.u32(this.#resets.length);
    for (const { at, fall, ms } of this.#resets) {
      writer.u32(at);
      writer.f64(fall);
      writer.f64(ms);
    }
  }

  load(reader: StateReader): void {
    this.#present = reader.u32();
    this.#oldestBack = reader.u32();
    this.#newestBack = reader.u32();
    if (this.#isReset === null) return;
    const count = reader.u32();
    for (let i = 0; i < count; i++) {
      this.#resets.push({ at: reader.u32(), fall: reader.f64(), ms: reader.f64() });
    }
  }

  /** The rate without the steps of resets; missing without another step. */
  #rate(change: number, ms: number): number {
    if (this.#resets.length === 0) return finiteOrMissing(change / (ms / this.#unitMs));
    if (this.#resets.length >= this.#present - 1) return Number.NaN;
    let [counted, time] = [change, ms];
    for (const reset of this.#resets) {
      counted += reset.fall;
      time -= reset.ms;
    }
    return finiteOrMissing(counted / (time / this.#unitMs));
  }

  /** Turns distances of resets from a row into indices, and back. */
  #move(row: number): void {
    for (const reset of this.#resets) reset.at = row - reset.at;
  }

  #note(isReset: IsReset, { samples, times }: RowBlock, newest: number, at: number): void {
    const [before, after] = [samples[newest] as number, samples[at] as number];
    if (!isReset(before, after)) return;
    const ms = (times[at] as number) - (times[newest] as number);
    this.#resets.push({ at: newest, fall: before - after, ms });
  }

  /** Drops the resets before the oldest value of the window. */
  #forget(oldest: number): void {
    const resets = this.#resets;
    while (resets.length > 0 && (resets[0] as Reset).at < oldest) resets.shift();
  }
}

/** Index of the first non-missing sample from `i` on; there must be one. */
function firstPresent(samples: Float64Array, i: number): number {
  let at = i;
  while (Number.isNaN(samples[at])) at += 1;
  return at;
}
