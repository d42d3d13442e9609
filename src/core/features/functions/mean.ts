import { momentsFunction } from "../kinds/moments-function.ts";

/** Arithmetic mean, in the unit of the column. */
export const mean = momentsFunction({
  summary: "arithmetic mean",
  unit: "unit",
  leastSamples: 1,
  higher: false,
  value: (moments) => moments.mean,
});
