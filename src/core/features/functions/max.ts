import { extremesFunction } from "../kinds/extremes-function.ts";

/** Largest sample, in the unit of the column. */
export const max = extremesFunction({
  summary: "largest value",
  unit: "unit",
  lowest: false,
  highest: true,
  value: (_lowest, highest) => highest,
});
