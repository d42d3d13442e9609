import { momentsFunction } from "../kinds/moments-function.ts";

/** Sample variance (n - 1), in the squared unit of the column. */
export const variance = momentsFunction({
  summary: "sample variance (n - 1)",
  unit: "unit²",
  leastSamples: 2,
  higher: false,
  value: (moments) => moments.deviation2 / (moments.count - 1),
});
