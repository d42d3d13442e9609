import { momentsFunction } from "../kinds/moments-function.ts";

/** Sample standard deviation (n - 1), in the unit of the column. */
export const std = momentsFunction({
  summary: "sample standard deviation (n - 1)",
  unit: "unit",
  leastSamples: 2,
  higher: false,
  value: (moments) => Math.sqrt(moments.deviation2 / (moments.count - 1)),
});
