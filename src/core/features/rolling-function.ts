import type { StateReader, StateWriter } from "../state-codec.ts";
import type { MinPeriods } from "./state/min-periods.ts";

/** The rows that a rolling function uses: the key's last `rows` rows, or those of the last `ms` of event time. */
export type Window =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "duration"; readonly ms: number };

/**
 * Some consecutive new rows of one key, and the rows their windows reach back to.
 *
 * The arrays are tapes: row `start + i` is the `i`-th new row, and the window that ends there is the
 * `sizes[i]` entries up to and including it. So what leaves a window is still on the tape, and
 * windows in rows and windows in event time look the same.
 */
export interface RowBlock {
  /** The column of the feature; NaN is missing. */
  samples: Float64Array;
  /** Its second column; the first one again for functions of one column. */
  others: Float64Array;
  /** Event time, ms; empty unless the function declares `times`. */
  times: Float64Array;
  /** Index of the first new row. */
  start: number;
  /** New rows. */
  count: number;
  /** Number of the first new row within its key, 0-based. */
  row: number;
  /** Rows of the window before the first new row entered it. */
  held: number;
  /** Rows of the window at each new row, 1 or more, shape `[>= count]`. */
  sizes: Uint32Array;
  /** First new row, 0..count, from which on the window has been filled once. */
  readyFrom: number;
}

/** One rolling function at work on one key. Allocates nothing per row. */
export interface RollingState {
  /** Writes the result for new row `i` to `out[offset + i]`; NaN where there is none. */
  apply(block: RowBlock, out: Float64Array, offset: number): void;
  /** Bytes held now. */
  readonly bytes: number;
  /** Bytes held at the most. */
  readonly maxBytes: number;
  save(writer: StateWriter): void;
  /**
   * Takes the place of a fresh state.
   *
   * @throws {RangeError} If what was saved does not fit.
   */
  load(reader: StateReader): void;
}

/** What a rolling function is made for. */
export interface RollingSetup {
  /** The window in rows; NaN for a duration. */
  readonly rows: number;
  /** Rows the window holds at the most, the row before it included where the function asks for it. */
  readonly maxRows: number;
  readonly minPeriods: MinPeriods;
  /** 0..1; NaN for functions that take none. */
  readonly quantile: number;
}

/** Unit of a result, made from the unit of the column; null: a pure number. */
export type ResultUnit = "unit" | "unit²" | "unit/s" | null;

/** A rolling function: its facts for the pipeline schema and the docs, and how to start one. */
export interface RollingFunction {
  /** What it computes, as half a sentence for `docs/features.md`. */
  readonly summary: string;
  readonly unit: ResultUnit;
  /** Whether a feature gives a window. */
  readonly window: "none" | "optional" | "required";
  /** What is used when none is given; null when one is required. */
  readonly defaultWindow: Window | null;
  /** Whether the window may be a length of event time. */
  readonly durations: boolean;
  /** The row itself comes on top of a window in rows: the window lies before it. */
  readonly lookback: boolean;
  readonly columns: 1 | 2;
  /** Whether a feature gives a quantile. */
  readonly quantile: boolean;
  /** Whether it reads event times. */
  readonly times: boolean;
  /**
   * Non-missing values without which there is no result, and the least `min_periods` in effect (the
   * default is half the window, rounded up); null: takes no `min_periods`.
   */
  readonly leastSamples: number | null;
  create(setup: RollingSetup): RollingState;
}
