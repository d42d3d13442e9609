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
