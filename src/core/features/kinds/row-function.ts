import type {
  FixedState,
  ResultUnit,
  RollingFunction,
  RowBlock,
  Window,
} from "../rolling-function.ts";
import { LastPresent } from "../state/last-present.ts";
import { finiteOrMissing } from "../state/samples.ts";

/** Definition of a function of two rows. */
interface RowDefinition {
  readonly summary: string;
  readonly unit: ResultUnit;
  readonly window: "none" | "optional" | "required";
  /** The window when none is given. */
  readonly defaultWindow: Window | null;
  /** Whether `before` is the value `window` rows before. If not, it is the newest value, too. */
  readonly lookback: boolean;
  /** Whether `before`, if it is missing, is the last value before that; by default it is missing. */
  readonly reachesBack?: boolean;
  /** The result; NaN when a value it needs is missing. */
  value(newest: number, before: number): number;
}

/** A function of the newest row and the row a window before it. */
export function rowFunction(definition: RowDefinition): RollingFunction {
  return {
    summary: definition.summary,
    unit: definition.unit,
    window: definition.window,
    defaultWindow: definition.defaultWindow,
    durations: false,
    lookback: definition.lookback,
    columns: 1,
    quantile: false,
    times: false,
    leastSamples: null,
    create: (setup) =>
      definition.reachesBack === true
        ? new LastRowState(definition, setup.maxRows - 1)
        : new RowState(definition, setup.maxRows - 1),
  };
}

class RowState implements FixedState {
  readonly #value: (newest: number, before: number) => number;
  readonly #distance: number;

  constructor(definition: RowDefinition, distance: number) {
    this.#value = definition.value;
    this.#distance = distance;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, readyFrom } = block;
    const value = this.#value;
    const before = start - this.#distance;
    out.fill(Number.NaN, offset, offset + readyFrom);
    for (let i = readyFrom; i < count; i++) {
      out[offset + i] = finiteOrMissing(
        value(samples[start + i] as number, samples[before + i] as number),
      );
    }
  }

  save(): void {}

  load(): void {}
}

/** Takes the last value present for a missing one. */
class LastRowState implements FixedState {
  readonly last = new LastPresent();
  readonly #value: (newest: number, before: number) => number;
  readonly #distance: number;

  constructor(definition: RowDefinition, distance: number) {
    this.#value = definition.value;
    this.#distance = distance;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, start, count, readyFrom } = block;
    const value = this.#value;
    const from = start - this.#distance;
    let before = this.last.value;
    out.fill(Number.NaN, offset, offset + readyFrom);
    for (let i = readyFrom; i < count; i++) {
      const own = samples[from + i] as number;
      if (!Number.isNaN(own)) before = own;
      out[offset + i] = finiteOrMissing(value(samples[start + i] as number, before));
    }
    this.last.value = before;
  }

  save(): void {}

  load(): void {}
}
