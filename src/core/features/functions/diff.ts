import { rowFunction } from "../kinds/row-function.ts";

/** Change since `window` rows before, in the unit of the column; missing if either value is. */
export const diff = rowFunction({
  summary: "change from the value `window` rows before",
  unit: "unit",
  window: "optional",
  defaultWindow: { kind: "rows", rows: 1 },
  lookback: true,
  value: (newest, before) => newest - before,
});
