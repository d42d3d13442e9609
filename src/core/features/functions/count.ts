import { countingFunction } from "../kinds/counting-function.ts";

/** Non-missing samples in the window; takes no `min_periods`. */
export const count = countingFunction({
  summary: "number of non-missing values",
  unit: null,
  value: (present) => present,
});
