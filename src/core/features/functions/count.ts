import { countingFunction } from "../state/counting-function.ts";

/** Non-missing samples in the window; takes no `min_periods`. */
export const count = countingFunction({
  summary: "number of values that are there",
  unit: null,
  value: (present) => present,
});
