import type { RollingFunction } from "../rolling-function.ts";
import { PAIR_ROWS, PairState } from "../state/pair-state.ts";
import { SpanRate } from "../state/span-rate.ts";

const MS_PER_SECOND = 1000;

/**
 * Change per second from the oldest to the newest non-missing value of the window, in the unit of the
 * column; missing when both have the same time. In a window of two rows, the default, from the last value present to the
 * newest. O(1) per row, amortised.
 */
export const rate: RollingFunction = {
  summary: "change per second from the oldest to the newest value in the window",
  unit: "unit/s",
  window: "optional",
  defaultWindow: { kind: "rows", rows: 2 },
  durations: true,
  lookback: false,
  columns: 1,
  quantile: false,
  times: true,
  leastSamples: 2,
  create: (setup) =>
    setup.rows === PAIR_ROWS
      ? new PairState((before, after, ms) => (after - before) / (ms / MS_PER_SECOND))
      : new SpanRate(setup, MS_PER_SECOND),
};
