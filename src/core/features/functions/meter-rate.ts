import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { RollingFunction, RollingSetup, RollingState, RowBlock } from "../rolling-function.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { PAIR_ROWS, PairState } from "../state/pair-state.ts";
import { finiteOrMissing, presentBetween } from "../state/samples.ts";

const MS_PER_HOUR = 3_600_000;
/** A value of at most this share of the one before it shows that the meter began again at 0. */
const RESET_SHARE = 0.5;

/**
 * Increase per hour of a meter that begins again at 0 now and then, over the non-missing values of the window; missing
 * when the oldest and the newest have the same time. In a window of two rows, the default, from the last value present
 * to the newest. After a reset, the value itself is the increase. O(1) per row,
 * amortised, and O(resets in the window) in a window with resets.
 */
export const meterRate: RollingFunction = {
  summary: "increase per hour of a meter that begins again at 0 now and then",
  unit: "unit/h",
  window: "optional",
  defaultWindow: { kind: "rows", rows: 2 },
  durations: true,
  lookback: false,
  columns: 1,
  quantile: false,
  times: true,
  leastSamples: 2,
  create: (setup) =>
    setup.rows === PAIR_ROWS
      ? new PairState((before, after, ms) => {
          const change = isMeterReset(before, after) ? after : after - before;
          return change / (ms / MS_PER_HOUR);
        })
      : new MeterRateState(setup),
};

/** Whether a meter began again at 0 between two values. */
export function isMeterReset(before: number, after: number): boolean {
  return after >= 0 && after <= before * RESET_SHARE && before > 0;
}

/** A value after which the meter began again. */
interface Reset {
  /** Index of that value; in a saved state its distance from the next row. */
  at: number;
  readonly value: number;
}

class MeterRateState implements RollingState {
  readonly bytes = OBJECT_BYTES;
  readonly maxBytes = OBJECT_BYTES;
  readonly #minPeriods: MinPeriods;
  #present = 0;
  // distance of the oldest and newest non-missing value from the next row, in rows
  #oldestBack = 0;
  #newestBack = 0;
  /** In the window, oldest first; `at` is a distance between calls. */
  #resets: Reset[] = [];

  constructor(setup: RollingSetup) {
    this.#minPeriods = setup.minPeriods;
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
        if (this.#present > 0) this.#note(samples, newest, at);
        newest = at;
        this.#present += 1;
      }
      if (this.#present > 0) oldest = firstPresent(samples, Math.max(oldest, low));
      this.#forget(oldest);
      const ready = i >= readyFrom && this.#present >= this.#minPeriods.at(size);
      const change = (samples[newest] as number) - (samples[oldest] as number) + this.#lost();
      const hours = ((times[newest] as number) - (times[oldest] as number)) / MS_PER_HOUR;
      out[offset + i] = ready ? finiteOrMissing(change / hours) : Number.NaN;
    }
    this.#oldestBack = this.#present > 0 ? start + count - oldest : 0;
    this.#newestBack = this.#present > 0 ? start + count - newest : 0;
    this.#move(start + count);
  }

  save(writer: StateWriter): void {
    writer.u32(this.#present);
    writer.u32(this.#oldestBack);
    writer.u32(this.#newestBack);
    writer.u32(this.#resets.length);
    for (const { at, value } of this.#resets) {
      writer.u32(at);
      writer.f64(value);
    }
  }

  load(reader: StateReader): void {
    this.#present = reader.u32();
    this.#oldestBack = reader.u32();
    this.#newestBack = reader.u32();
    const count = reader.u32();
    for (let i = 0; i < count; i++) {
      this.#resets.push({ at: reader.u32(), value: reader.f64() });
    }
  }

  /** Turns distances of resets from a row into indices, and back. */
  #move(row: number): void {
    for (const reset of this.#resets) reset.at = row - reset.at;
  }

  #note(samples: Float64Array, newest: number, at: number): void {
    const before = samples[newest] as number;
    if (!isMeterReset(before, samples[at] as number)) return;
    this.#resets.push({ at: newest, value: before });
  }

  /** Drops the resets before the oldest value of the window. */
  #forget(oldest: number): void {
    const resets = this.#resets;
    while (resets.length > 0 && (resets[0] as Reset).at < oldest) resets.shift();
  }

  /** What the resets of the window took away. */
  #lost(): number {
    let sum = 0;
    for (const { value } of this.#resets) sum += value;
    return sum;
  }
}

/** Index of the first non-missing sample from `i` on; there must be one. */
function firstPresent(samples: Float64Array, i: number): number {
  let at = i;
  while (Number.isNaN(samples[at])) at += 1;
  return at;
}
