import { pairsFunction } from "../kinds/pairs-function.ts";

/**
 * Least-squares change per second of event time, in the unit of the column; missing when all rows of
 * the window have the same time.
 */
export const slope = pairsFunction({
  summary: "least-squares trend over event time",
  unit: "unit/s",
  against: "time",
  value: (moments) => (1000 * moments.xy) / moments.xx,
});
