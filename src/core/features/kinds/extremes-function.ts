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
import { MonotonicQueue } from "../state/monotonic-queue.ts";
import { finiteOrMissing, presentBetween } from "../state/samples.ts";

/** Definition of a function of the extremes of a window. */
interface ExtremesDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  /** Whether {@link value} reads the smallest sample. If not, it costs nothing. */
  readonly lowest: boolean;
  /** Whether {@link value} reads the largest sample. */
  readonly highest: boolean;
  /** The result. An extreme that the function does not read is 0. */
  value(lowest: number, highest: number): number;
}

/** A rolling function of one column that needs only the extremes of its window. */
export function extremesFunction(definition: ExtremesDefinition): RollingFunction {
  return {
    ...OVER_WINDOW,
    summary: definition.summary,
    unit: definition.unit,
    leastSamples: 1,
    create: (setup) => new ExtremesState(definition, setup),
  };
}

class ExtremesState implements GrowingState {
  readonly #value: (lowest: number, highest: number) => number;
  readonly #minPeriods: MinPeriods;
  readonly #low: MonotonicQueue | null;
  readonly #high: MonotonicQueue | null; // of negated samples
  #present = 0; // non-missing samples in the window

  constructor(definition: ExtremesDefinition, setup: RollingSetup) {
    this.#value = definition.value;
    this.#minPeriods = setup.minPeriods;
    this.#low = definition.lowest ? new MonotonicQueue(setup.maxRows) : null;
    this.#high = definition.highest ? new MonotonicQueue(setup.maxRows) : null;
  }

  get bytes(): number {
    return OBJECT_BYTES + (this.#low?.bytes ?? 0) + (this.#high?.bytes ?? 0);
  }

  get maxBytes(): number {
    return OBJECT_BYTES + (this.#low?.maxBytes ?? 0) + (this.#high?.maxBytes ?? 0);
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, sizes, readyFrom } = block;
    const value = this.#value;
    let low = start - block.held;
    for (let i = 0; i < count; i++) {
      const end = start + i + 1;
      const size = sizes[i] as number;
      this.#present -= presentBetween(samples, low, end - size);
      low = end - size;
      this.#slide(block.row + i, size, samples[end - 1] as number);
      const ready = i >= readyFrom && this.#present >= this.#minPeriods.at(size);
      out[offset + i] = ready
        ? finiteOrMissing(value(this.#low?.first ?? 0, -(this.#high?.first ?? 0)))
        : Number.NaN;
    }
  }

  save(writer: StateWriter): void {
    writer.u32(this.#present);
    this.#low?.save(writer);
    this.#high?.save(writer);
  }

  load(reader: StateReader): void {
    this.#present = reader.u32();
    this.#low?.load(reader);
    this.#high?.load(reader);
  }

  /** Adds `x` as row number `row`, and removes rows older than the newest `size`. */
  #slide(row: number, size: number, x: number): void {
    this.#low?.expire(row + 1 - size);
    this.#high?.expire(row + 1 - size);
    if (Number.isNaN(x)) return;
    this.#present += 1;
    this.#low?.push(row, x);
    this.#high?.push(row, -x);
  }
}
