/** Rows after which sums are recomputed, or the window length if that is larger. */
export const REFRESH_ROWS = 256;

/** Sums are recomputed after cancellation by this factor. */
const LOSS = 16;

/** Whether cancellation has cost the sums of `n` samples about a pivot too many digits. */
export function hasCancelled(n: number, sum: number, squares: number, peak: number): boolean {
  // negated, so that an overflowed sum (infinite, then NaN) also needs a refresh
  return !(
    squares < Number.POSITIVE_INFINITY &&
    peak <= LOSS * squares &&
    (LOSS - 1) * n * squares >= LOSS * sum * sum
  );
}

/**
 * The sample of `samples[low..high)` nearest to their mean; 0 without samples. Skips rows in which
 * either column is missing. O(high - low).
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
