import { extremesFunction } from "../kinds/extremes-function.ts";

/** Largest minus smallest sample, in the unit of the column. */
export const range = extremesFunction({
  summary: "largest minus smallest value",
  unit: "unit",
  lowest: true,
  highest: true,
  value: (lowest, highest) => highest - lowest,
});
