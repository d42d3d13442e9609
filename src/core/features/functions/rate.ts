import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { RollingFunction, RollingSetup, RollingState, RowBlock } from "../rolling-function.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { PAIR_ROWS, PairState } from "../state/pair-state.ts";
import { finiteOrMissing, presentBetween } from "../state/samples.ts";

/**
 * Change per second from the oldest to the newest non-missing value of the window, in the unit of the
 * column; missing when both have the same time. In a window of two rows, the default, from the last value present to the
 * newest. O(1) per row, amortised.
 */
export const rate: RollingFunction = {
  summary: "change per second from the oldest to the newest value in the window",
  unit: "unit/s",
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
      ? new PairState((before, after, ms) => (after - before) / (ms / 1000))
      : new RateState(setup),
};

class RateState implements RollingState {
  readonly bytes = OBJECT_BYTES;
  readonly maxBytes = OBJECT_BYTES;
  readonly #minPeriods: MinPeriods;
  #present = 0;
  // distance of the oldest and newest non-missing value from the next row, in rows
  #oldestBack = 0;
  #newestBack = 0;

  constructor(setup: RollingSetup) {
    this.#minPeriods = setup.minPeriods;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, times, start, count, sizes, readyFrom } = block;
    let low = start - block.held;
    let oldest = start - this.#oldestBack;
    let newest = start - this.#newestBack;
    for (let i = 0; i < count; i++) {
      const at = start + i;
      const size = sizes[i] as number;
      this.#present -= presentBetween(samples, low, at + 1 - size);
      low = at + 1 - size;
      if (!Number.isNaN(samples[at])) {
        newest = at;
        this.#present += 1;
      }
      if (this.#present > 0) oldest = firstPresent(samples, Math.max(oldest, low));
      const ready = i >= readyFrom && this.#present >= this.#minPeriods.at(size);
      const change = (samples[newest] as number) - (samples[oldest] as number);
      const seconds = ((times[newest] as number) - (times[oldest] as number)) / 1000;
      out[offset + i] = ready ? finiteOrMissing(change / seconds) : Number.NaN;
    }
    this.#oldestBack = this.#present > 0 ? start + count - oldest : 0;
    this.#newestBack = this.#present > 0 ? start + count - newest : 0;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#present);
    writer.u32(this.#oldestBack);
    writer.u32(this.#newestBack);
  }

  load(reader: StateReader): void {
    this.#present = reader.u32();
    this.#oldestBack = reader.u32();
    this.#newestBack = reader.u32();
  }
}

/** Index of the first non-missing sample from `i` on; there must be one. */
function firstPresent(samples: Float64Array, i: number): number {
  let at = i;
  while (Number.isNaN(samples[at])) at += 1;
  return at;
}
