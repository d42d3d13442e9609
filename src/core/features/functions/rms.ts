import { momentsFunction } from "../kinds/moments-function.ts";

/** Root mean square, sqrt(mean of x^2), in the unit of the column. */
export const rms = momentsFunction({
  summary: "root mean square, √(mean of x²)",
  unit: "unit",
  leastSamples: 1,
  higher: false,
  // mean and spread apart: x^2 about a far pivot would cancel
  value: (moments) => Math.sqrt(moments.mean ** 2 + moments.deviation2 / moments.count),
});
