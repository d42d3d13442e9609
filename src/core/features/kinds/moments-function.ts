import {
  type FixedState,
  OVER_WINDOW,
  type ResultUnit,
  type RollingFunction,
  type RollingSetup,
  type RowBlock,
} from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "../state/cells.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { Moments } from "../state/moments.ts";
import { finiteOrMissing } from "../state/samples.ts";

/** Definition of a function of the moments of a window. */
interface MomentsDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  readonly leastSamples: number;
  /** Whether {@link value} reads the third or fourth moment. */
  readonly higher: boolean;
  /** The result; an infinity counts as missing. Called with `leastSamples` or more. */
  value(moments: Moments): number;
}

/** A rolling function of one column that needs only the moments of its window. */
export function momentsFunction(definition: MomentsDefinition): RollingFunction {
  return {
    ...OVER_WINDOW,
    summary: definition.summary,
    unit: definition.unit,
    leastSamples: definition.leastSamples,
    create: (setup) => new MomentsState(definition, setup),
  };
}

class MomentsState implements FixedState {
  readonly #value: (moments: Moments) => number;
  readonly #moments: Moments;
  readonly #minPeriods: MinPeriods;

  constructor(definition: MomentsDefinition, setup: RollingSetup) {
    this.#value = definition.value;
    this.#moments = new Moments(definition.higher);
    this.#minPeriods = setup.minPeriods;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, sizes, readyFrom } = block;
    const moments = this.#moments;
    const value = this.#value;
    let low = start - block.held;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const size = sizes[i] as number;
      for (const from = end - size; low < from; low++) moments.remove(samples[low] as number);
      moments.add(samples[end - 1] as number);
      moments.settle(samples, low, end);
      const ready = i >= readyFrom && moments.count >= this.#minPeriods.at(size);
      out[offset + i] = ready ? finiteOrMissing(value(moments)) : Number.NaN;
    }
  }

  save(sink: NumberSink): void {
    this.#moments.save(sink);
  }

  load(source: NumberSource): void {
    this.#moments.load(source);
  }
}
