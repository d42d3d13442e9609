import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import {
  type GrowingState,
  OVER_WINDOW,
  type ResultUnit,
  type RollingFunction,
  type RollingSetup,
  type RowBlock,
} from "../rolling-function.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { finiteOrMissing } from "../state/samples.ts";
import { SortedSamples } from "../state/sorted-samples.ts";

/** Definition of a function of the sorted window. */
interface OrderDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  /** Whether a feature needs a quantile. */
  readonly quantile: boolean;
  /** The result; an infinity counts as missing. Called with 1 sample or more. */
  value(sorted: SortedSamples, quantile: number): number;
}

/** A rolling function of one column that needs the sorted samples of its window. */
export function orderFunction(definition: OrderDefinition): RollingFunction {
  return {
    ...OVER_WINDOW,
    summary: definition.summary,
    unit: definition.unit,
    quantile: definition.quantile,
    leastSamples: 1,
    create: (setup) => new OrderState(definition, setup),
  };
}

class OrderState implements GrowingState {
  readonly #value: (sorted: SortedSamples, quantile: number) => number;
  readonly #quantile: number;
  readonly #minPeriods: MinPeriods;
  readonly #sorted: SortedSamples;

  constructor(definition: OrderDefinition, setup: RollingSetup) {
    this.#value = definition.value;
    this.#quantile = setup.quantile;
    this.#minPeriods = setup.minPeriods;
    this.#sorted = new SortedSamples(setup.maxRows);
  }

  get bytes(): number {
    return OBJECT_BYTES + this.#sorted.bytes;
  }

  get maxBytes(): number {
    return OBJECT_BYTES + this.#sorted.maxBytes;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, sizes, readyFrom } = block;
    const sorted = this.#sorted;
    const value = this.#value;
    let low = start - block.held;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const size = sizes[i] as number;
      let leaving = Number.NaN; // the new sample replaces the last one that leaves
      for (const from = end - size; low < from; low++) {
        sorted.remove(leaving);
        leaving = samples[low] as number;
      }
      sorted.replace(leaving, samples[end - 1] as number);
      const ready = i >= readyFrom && sorted.length >= this.#minPeriods.at(size);
      out[offset + i] = ready ? finiteOrMissing(value(sorted, this.#quantile)) : Number.NaN;
    }
  }

  save(writer: StateWriter): void {
    this.#sorted.save(writer);
  }

  load(reader: StateReader): void {
    this.#sorted.load(reader);
  }
}
