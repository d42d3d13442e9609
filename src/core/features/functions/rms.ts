import { momentsFunction } from "../kinds/moments-function.ts";

/** Root mean square, sqrt(mean of x^2), in the unit of the column. */
export const rms = momentsFunction({
  summary: "root mean square, √(mean of x²)",
  unit: "unit",
  leastSamples: 1,
  higher: false,
  // mean and variance are computed separately, because squares of large values would cancel
  value: (moments) => Math.sqrt(moments.mean ** 2 + moments.deviation2 / moments.count),
});
