import { extremesFunction } from "../kinds/extremes-function.ts";

/** Smallest sample, in the unit of the column. */
export const min = extremesFunction({
  summary: "smallest value",
  unit: "unit",
  lowest: true,
  highest: false,
  value: (lowest) => lowest,
});
