import { orderFunction } from "../kinds/order-function.ts";

/** Median, in the unit of the column; between the two middle samples when their number is even. */
export const median = orderFunction({
  summary: "middle value; between the two middle ones when n is even",
  unit: "unit",
  quantile: false,
  value: (sorted) => sorted.quantile(0.5),
});
