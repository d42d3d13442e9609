import { orderFunction } from "../kinds/order-function.ts";
import type { SortedSamples } from "../state/sorted-samples.ts";

/** Median absolute deviation from the median, unscaled, in the unit of the column. O(log window). */
export const mad = orderFunction({
  summary: "median absolute deviation from the median, not scaled",
  unit: "unit",
  quantile: false,
  value: (sorted) => {
    const median = sorted.quantile(0.5);
    const high = nthDeviation(sorted, median, sorted.length >>> 1);
    if (sorted.length % 2 === 1) return high;
    const low = nthDeviation(sorted, median, (sorted.length >>> 1) - 1);
    return low + (high - low) / 2;
  },
});

/**
 * The `n`-th smallest (0-based) of |x - median|. Deviations ascend downwards in the lower half and upwards in the
 * upper half, so a bisection over both runs finds it.
 */
function nthDeviation(sorted: SortedSamples, median: number, n: number): number {
  const below = sorted.length >>> 1; // samples in the lower half
  let low = Math.max(0, n + 1 - (sorted.length - below));
  let high = Math.min(n + 1, below);
  // number of the n + 1 smallest deviations that are in the lower half
  while (low < high) {
    const middle = (low + high) >>> 1;
    const lower = median - sorted.at(below - 1 - middle);
    const upper = sorted.at(below + n - middle) - median;
    if (lower < upper) low = middle + 1;
    else high = middle;
  }
  const fromLower = low > 0 ? median - sorted.at(below - low) : 0;
  const fromUpper = n >= low ? sorted.at(below + n - low) - median : 0;
  return Math.max(fromLower, fromUpper);
}
