import { rowFunction } from "../kinds/row-function.ts";

/**
 * Change since `window` rows before, or since the last value before that if there is none; in the unit of the column,
 * missing if the newest value is.
 */
export const diff = rowFunction({
  summary: "change from the value `window` rows before, or the last one before that",
  unit: "unit",
  window: "optional",
  defaultWindow: { kind: "rows", rows: 1 },
  lookback: true,
  reachesBack: true,
  value: (newest, before) => newest - before,
});
