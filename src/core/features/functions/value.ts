import { rowFunction } from "../kinds/row-function.ts";

/** The column itself, in its unit. */
export const value = rowFunction({
  summary: "the value itself",
  unit: "unit",
  window: "none",
  defaultWindow: { kind: "rows", rows: 1 },
  lookback: false,
  value: (newest) => newest,
});
