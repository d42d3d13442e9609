import {
  type FixedState,
  OVER_WINDOW,
  type RollingFunction,
  type RollingSetup,
  type RowBlock,
} from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "../state/cells.ts";
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

class ZscoreState implements FixedState {
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

  save(sink: NumberSink): void {
    this.#moments.save(sink);
  }

  load(source: NumberSource): void {
    this.#moments.load(source);
  }
}

function distance(x: number, moments: Moments): number {
  return (x - moments.mean) / Math.sqrt(moments.deviation2 / (moments.count - 1));
}
