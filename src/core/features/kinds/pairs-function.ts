import {
  type FixedState,
  OVER_WINDOW,
  type ResultUnit,
  type RollingFunction,
  type RollingSetup,
  type RowBlock,
} from "../rolling-function.ts";
import type { NumberSink, NumberSource } from "../state/cells.ts";
import { CoMoments } from "../state/co-moments.ts";
import type { MinPeriods } from "../state/min-periods.ts";
import { finiteOrMissing } from "../state/samples.ts";

/** Definition of a function of pairs of values. */
interface PairsDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  /** What the column (y) is paired with (x): event time in ms, or a second column. */
  readonly against: "time" | "column";
  /** The result; an infinity counts as missing. Called with 2 pairs or more. */
  value(moments: CoMoments): number;
}

/** A rolling function of pairs of values that needs only their joint moments over the window. */
export function pairsFunction(definition: PairsDefinition): RollingFunction {
  return {
    ...OVER_WINDOW,
    summary: definition.summary,
    unit: definition.unit,
    columns: definition.against === "column" ? 2 : 1,
    times: definition.against === "time",
    leastSamples: 2,
    create: (setup) => new PairsState(definition, setup),
  };
}

class PairsState implements FixedState {
  readonly #definition: PairsDefinition;
  readonly #moments = new CoMoments();
  readonly #minPeriods: MinPeriods;

  constructor(definition: PairsDefinition, setup: RollingSetup) {
    this.#definition = definition;
    this.#minPeriods = setup.minPeriods;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples: ys, start, count, sizes, readyFrom } = block;
    const xs = this.#definition.against === "time" ? block.times : block.others;
    const value = this.#definition.value;
    const moments = this.#moments;
    let low = start - block.held;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const size = sizes[i] as number;
      for (const from = end - size; low < from; low++) {
        moments.remove(xs[low] as number, ys[low] as number);
      }
      moments.add(xs[end - 1] as number, ys[end - 1] as number);
      moments.settle(xs, ys, low, end);
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
