import { momentsFunction } from "../kinds/moments-function.ts";

/** Sum of the non-missing samples, in the unit of the column. */
export const sum = momentsFunction({
  summary: "sum",
  unit: "unit",
  leastSamples: 1,
  higher: false,
  value: (moments) => moments.sum,
});
