import type { StateReader, StateWriter } from "../state-codec.ts";
import type { NumberSink, NumberSource } from "./state/cells.ts";
import type { LastPresent } from "./state/last-present.ts";
import type { MinPeriods } from "./state/min-periods.ts";

/** The rows that a rolling function uses: the key's last `rows` rows, or those of the last `ms` of event time. */
export type Window =
  | { readonly kind: "rows"; readonly rows: number }
  | { readonly kind: "duration"; readonly ms: number };

/**
 * Consecutive new rows of one key, and the earlier rows in their windows.
 *
 * The arrays are tapes: row `start + i` is the `i`-th new row, and its window is the `sizes[i]` entries
 * up to and including it. Rows that leave a window are still on the tape. Windows in rows and in event
 * time have the same form.
 */
export interface RowBlock {
  /** The column of the feature; NaN is missing. */
  samples: Float64Array;
  /** The second column; the same as `samples` for functions of one column. */
  others: Float64Array;
  /** Event time, ms; empty unless the function declares `times`. */
  times: Float64Array;
  /** Index of the first new row. */
  start: number;
  /** New rows. */
  count: number;
  /** Number of the first new row within its key, 0-based. */
  row: number;
  /** Rows in the window before the first new row. */
  held: number;
  /** Rows in the window at each new row, >= 1, shape `[>= count]`. */
  sizes: Uint32Array;
  /** First new row, 0..count, at which the window is full. */
  readyFrom: number;
}

interface AnyState {
  /** Writes the result for new row `i` to `out[offset + i]`; NaN without a result. */
  apply(block: RowBlock, out: Float64Array, offset: number): void;
  /** A value that may be older than the window; `save` leaves it out. Undefined: the state needs none. */
  readonly last?: LastPresent;
}

/**
 * State of one rolling function of always the same size. All keys take turns with one object: before it is used, `load`
 * replaces all of its state, also that of another key.
 */
export interface FixedState extends AnyState {
  save(sink: NumberSink): void;
  load(source: NumberSource): void;
}

/** State of one rolling function on one key that grows with its window. Allocates nothing per row once the window is full. */
export interface GrowingState extends AnyState {
  /** Bytes held now. */
  readonly bytes: number;
  /** Maximum bytes held. */
  readonly maxBytes: number;
  save(writer: StateWriter): void;
  /**
   * Loads saved state into a fresh one.
   *
   * @throws {RangeError} If the saved state does not fit.
   */
  load(reader: StateReader): void;
}

/** State of one rolling function. */
export type RollingState = FixedState | GrowingState;

/** Whether each key needs a state of its own. */
export function isGrowing(state: RollingState): state is GrowingState {
  return "maxBytes" in state;
}

/** Parameters of a rolling function. */
export interface RollingSetup {
  /** The window in rows; NaN for a duration. */
  readonly rows: number;
  /** Maximum number of rows in the window, including the extra row of a lookback function. */
  readonly maxRows: number;
  readonly minPeriods: MinPeriods;
  /** 0..1; NaN for functions without a quantile. */
  readonly quantile: number;
}

/** Unit of a result, derived from the unit of the column; null: dimensionless. */
export type ResultUnit = "unit" | "unit²" | "unit/s" | "unit/h" | null;

/** The properties of a function of one column over a window of any kind. */
export const OVER_WINDOW = {
  window: "required",
  defaultWindow: null,
  durations: true,
  lookback: false,
  columns: 1,
  quantile: false,
  times: false,
} as const;

/** A rolling function: its description for the pipeline schema and the docs, and its factory. */
export interface RollingFunction {
  /** What it computes, as a phrase for `docs/features.md`. */
  readonly summary: string;
  readonly unit: ResultUnit;
  /** Whether a feature has a window. */
  readonly window: "none" | "optional" | "required";
  /** Default window; null if a window is required. */
  readonly defaultWindow: Window | null;
  /** Whether the window may be a duration of event time. */
  readonly durations: boolean;
  /** Whether a window in rows ends before the row itself. */
  readonly lookback: boolean;
  readonly columns: 1 | 2;
  /** Whether a feature needs a quantile. */
  readonly quantile: boolean;
  /** Whether it reads event times. */
  readonly times: boolean;
  /**
   * Minimum number of non-missing values for a result; the effective `min_periods` is never smaller (its
   * default is half the window, rounded up). Null: the function has no `min_periods`.
   */
  readonly leastSamples: number | null;
  create(setup: RollingSetup): RollingState;
}
