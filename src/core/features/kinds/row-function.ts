import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type {
  ResultUnit,
  RollingFunction,
  RollingState,
  RowBlock,
  Window,
} from "../rolling-function.ts";
import { finiteOrMissing } from "../state/samples.ts";

/** What tells one function of two single rows from another. */
interface RowFacts {
  readonly summary: string;
  readonly unit: ResultUnit;
  readonly window: "none" | "optional" | "required";
  /** The window when none is given. */
  readonly defaultWindow: Window | null;
  /** Whether the window counts the rows back to `before`; else both are the row itself. */
  readonly lookback: boolean;
  /** The result; NaN when a value it needs is missing. */
  value(newest: number, before: number): number;
}

/** A function of the newest row and the row a window before it. Nothing is kept but the tape. */
export function rowFunction(facts: RowFacts): RollingFunction {
  return {
    summary: facts.summary,
    unit: facts.unit,
    window: facts.window,
    defaultWindow: facts.defaultWindow,
    durations: false,
    lookback: facts.lookback,
    columns: 1,
    quantile: false,
    times: false,
    leastSamples: null,
    create: (setup) => new RowState(facts, setup.maxRows - 1),
  };
}

class RowState implements RollingState {
  readonly bytes = OBJECT_BYTES;
  readonly maxBytes = OBJECT_BYTES;
  readonly #value: (newest: number, before: number) => number;
  readonly #distance: number;

  constructor(facts: RowFacts, distance: number) {
    this.#value = facts.value;
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
