import { orderFunction } from "../kinds/order-function.ts";

/** A quantile, interpolated linearly, in the unit of the column. */
export const quantile = orderFunction({
  summary: "the value below which the share `quantile` (0 to 1) lies, linear between neighbours",
  unit: "unit",
  quantile: true,
  value: (sorted, q) => sorted.quantile(q),
});
