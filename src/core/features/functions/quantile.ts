import { orderFunction } from "../state/order-function.ts";

/** A quantile, linear between neighbouring samples, in the unit of the column. */
export const quantile = orderFunction({
  summary: "quantile, linear between neighbours",
  quantile: true,
  value: (sorted, q) => sorted.quantile(q),
});
