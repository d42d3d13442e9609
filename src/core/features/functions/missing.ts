import { countingFunction } from "../kinds/counting-function.ts";

/** Share of the rows in the window whose value is missing, 0..1; takes no `min_periods`. */
export const missing = countingFunction({
  summary: "share of rows whose value is missing, 0 to 1",
  unit: null,
  value: (present, size) => (size - present) / size,
});
