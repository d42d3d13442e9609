import type { RollingFunction } from "../rolling-function.ts";
import { PAIR_ROWS, PairState } from "../state/pair-state.ts";
import { SpanRate } from "../state/span-rate.ts";

const MS_PER_HOUR = 3_600_000;
/** A value of at most this share of the one before it shows that the meter began again at 0. */
const RESET_SHARE = 0.5;

/**
 * Increase per hour of a meter that begins again at 0 now and then, over the non-missing values of the window; missing
 * when the oldest and the newest have the same time. In a window of two rows, the default, from the last value present
 * to the newest. The step at a reset does not count, because what the meter counted before it began again is lost: with no other
 * step, the rate is missing. O(1) per row, amortised, and O(resets in the window) in a window with resets.
 */
export const meterRate: RollingFunction = {
  summary: "increase per hour of a meter that begins again at 0 now and then",
  unit: "unit/h",
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
      ? new PairState((before, after, ms) =>
          isMeterReset(before, after) ? Number.NaN : (after - before) / (ms / MS_PER_HOUR),
        )
      : new SpanRate(setup, MS_PER_HOUR, isMeterReset),
};

/** Whether a meter began again at 0 between two values. */
export function isMeterReset(before: number, after: number): boolean {
  return after >= 0 && after <= before * RESET_SHARE && before > 0;
}
