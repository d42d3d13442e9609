import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import {
  OVER_WINDOW,
  type RollingFunction,
  type RollingSetup,
  type RollingState,
  type RowBlock,
} from "../rolling-function.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { Moments } from "../state/moments.ts";
import { finiteOrMissing } from "../state/samples.ts";

/**
 * Distance of the value from the mean of the window before it, in sample standard deviations; missing when that
 * window is constant. The value itself is excluded, because a spike would raise the deviation and hide itself.
 */
export const zscore: RollingFunction = {
  ...OVER_WINDOW,
  summary: "(value − mean) / standard deviation (n − 1), both of the window **before** the value",
  unit: null,
  lookback: true,
  leastSamples: 2,
  create: (setup) => new ZscoreState(setup),
};

class ZscoreState implements RollingState {
  readonly bytes = 2 * OBJECT_BYTES;
  readonly maxBytes = 2 * OBJECT_BYTES;
  readonly #moments = new Moments(false);
  readonly #minPeriods: MinPeriods;

  constructor(setup: RollingSetup) {
    this.#minPeriods = setup.minPeriods;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, sizes, readyFrom } = block;
    const moments = this.#moments;
    let low = start - block.held;
    for (let i = 0; i < count; i++) {
      const at = start + i;
      const before = (sizes[i] as number) - 1;
      const x = samples[at] as number;
      for (const from = at - before; low < from; low++) moments.remove(samples[low] as number);
      moments.settle(samples, low, at);
      const ready = i >= readyFrom && moments.count >= this.#minPeriods.at(before);
      out[offset + i] = ready ? finiteOrMissing(distance(x, moments)) : Number.NaN;
      moments.add(x);
    }
  }

  save(writer: StateWriter): void {
    this.#moments.save(writer);
  }

  load(reader: StateReader): void {
    this.#moments.load(reader);
  }
}

function distance(x: number, moments: Moments): number {
  return (x - moments.mean) / Math.sqrt(moments.deviation2 / (moments.count - 1));
}
