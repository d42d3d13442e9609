/** Rows after which the sums are made anew in any case, unless the window is longer. */
export const REFRESH_ROWS = 256;

/** The sums are made anew when this factor of them has cancelled. */
const LOSS = 16;

/** Whether sums about a pivot, count `n`, have lost digits to what they once held or to their pivot. */
export function worn(n: number, sum: number, squares: number, peak: number): boolean {
  // phrased so that an overflowed sum (infinite, then NaN) is worn
  return !(
    squares < Number.POSITIVE_INFINITY &&
    peak <= LOSS * squares &&
    (LOSS - 1) * n * squares >= LOSS * sum * sum
  );
}

/**
 * The sample of `samples[low..high)` nearest to their mean, 0 if there is none; only rows where both
 * columns are there count. O(high - low).
 */
export function centralSample(
  samples: Float64Array,
  others: Float64Array,
  low: number,
  high: number,
): number {
  let base = Number.NaN;
  let sum = 0;
  let count = 0;
  for (let i = low; i < high; i++) {
    const x = samples[i] as number;
    if (Number.isNaN(x) || Number.isNaN(others[i])) continue;
    if (count === 0) base = x;
    sum += x - base;
    count += 1;
  }
  if (count === 0) return 0;
  const mean = base + sum / count;
  let nearest = base;
  let distance = Math.abs(base - mean);
  for (let i = low; i < high; i++) {
    const x = samples[i] as number;
    if (Math.abs(x - mean) < distance && !Number.isNaN(others[i])) {
      nearest = x;
      distance = Math.abs(x - mean);
    }
  }
  return nearest;
}
