import {
  type FixedState,
  OVER_WINDOW,
  type RollingFunction,
  type RollingSetup,
  type RowBlock,
} from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "../state/cells.ts";

/**
 * Exponentially weighted mean with span `window`, alpha = 2 / (window + 1), in the unit of the column.
 *
 * Same as `ewmMean` of Polars with its defaults: the weights of all values so far are normalised (`adjust`). A
 * missing value gives a missing result and does not reduce the weights (`ignoreNulls`). `min_periods` counts values
 * since the first row. The first window - 1 rows have no result.
 */
export const ewmMean: RollingFunction = {
  ...OVER_WINDOW,
  summary:
    "exponentially weighted mean with span `window`: weight 1 − 2/(window + 1) to the power of the age, weights normalised, over all values so far",
  unit: "unit",
  durations: false,
  leastSamples: 1,
  create: (setup) => new EwmMeanState(setup),
};

class EwmMeanState implements FixedState {
  readonly #keep: number; // factor that each new value applies to earlier weights
  readonly #needed: number;
  #mean = 0;
  #weight = 0; // total weight of all values; the newest has weight 1
  #present = 0; // number of values, counted up to the required number

  constructor(setup: RollingSetup) {
    this.#keep = 1 - 2 / (setup.rows + 1);
    this.#needed = setup.minPeriods.at(setup.rows);
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, readyFrom } = block;
    for (let i = 0; i < count; i++) {
      const x = samples[start + i] as number;
      if (!Number.isNaN(x)) this.#add(x);
      const ready = !Number.isNaN(x) && i >= readyFrom && this.#present >= this.#needed;
      out[offset + i] = ready ? this.#mean : Number.NaN;
    }
  }

  save(sink: NumberSink): void {
    sink.f64(this.#mean);
    sink.f64(this.#weight);
    sink.u32(this.#present);
  }

  load(source: NumberSource): void {
    this.#mean = source.f64();
    this.#weight = source.f64();
    this.#present = source.u32();
  }

  #add(x: number): void {
    this.#weight = this.#weight * this.#keep + 1;
    // computed as a step towards x, so that a constant column gives exactly its constant
    const step = (x - this.#mean) / this.#weight;
    const mean = this.#mean + step;
    this.#mean = Number.isFinite(mean) ? mean : x;
    if (this.#present < this.#needed) this.#present += 1;
  }
}
