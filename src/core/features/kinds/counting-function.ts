import {
  type FixedState,
  OVER_WINDOW,
  type ResultUnit,
  type RollingFunction,
  type RowBlock,
} from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "../state/cells.ts";
import { presentBetween } from "../state/samples.ts";

/** Definition of a function that only counts. */
interface CountingDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  /** The result for `present` non-missing samples among `size` rows. */
  value(present: number, size: number): number;
}

/** A rolling function of one column that needs only the number of its non-missing samples. */
export function countingFunction(definition: CountingDefinition): RollingFunction {
  return {
    ...OVER_WINDOW,
    summary: definition.summary,
    unit: definition.unit,
    leastSamples: null,
    create: () => new CountingState(definition),
  };
}

class CountingState implements FixedState {
  readonly #value: (present: number, size: number) => number;
  #present = 0;

  constructor(definition: CountingDefinition) {
    this.#value = definition.value;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, sizes, readyFrom } = block;
    const value = this.#value;
    let low = start - block.held;
    let present = this.#present;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const size = sizes[i] as number;
      present -= presentBetween(samples, low, end - size);
      low = end - size;
      if (!Number.isNaN(samples[end - 1])) present += 1;
      out[offset + i] = i >= readyFrom ? value(present, size) : Number.NaN;
    }
    this.#present = present;
  }

  save(sink: NumberSink): void {
    sink.u32(this.#present);
  }

  load(source: NumberSource): void {
    this.#present = source.u32();
  }
}
