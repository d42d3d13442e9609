import { rowFunction } from "../kinds/row-function.ts";

/** The value `window` rows before, in the unit of the column; NaN if that value is missing. */
export const lag = rowFunction({
  summary: "the value `window` rows before",
  unit: "unit",
  window: "required",
  defaultWindow: null,
  lookback: true,
  value: (_newest, before) => before,
});
