import { orderFunction } from "../kinds/order-function.ts";

/** Median, in the unit of the column; the mean of the two middle samples if their number is even. */
export const median = orderFunction({
  summary: "middle value; the mean of the two middle values if n is even",
  unit: "unit",
  quantile: false,
  value: (sorted) => sorted.quantile(0.5),
});
