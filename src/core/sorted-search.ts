/**
 * Searches in sorted numbers. O(log count).
 *
 * @module
 */

/** How many of the `count` sorted numbers from `start` on are `< from[i]`. */
export function countBelow(
  sorted: Float64Array,
  start: number,
  count: number,
  from: Float64Array,
  i: number,
): number {
  if (count === 0) return 0;
  const x = from[i] as number;
  let base = start;
  let left = count;
  while (left > 1) {
    const half = left >>> 1;
    // no branch: which half it is can't be predicted, and a wrong guess costs more than the step
    base += half & -Number((sorted[base + half - 1] as number) < x);
    left -= half;
  }
  return base - start + Number((sorted[base] as number) < x);
}

/**
 * How many of the 64 sorted numbers from `start` on are `< from[i]`: {@link countBelow} without a loop,
 * whose end would be guessed wrong now and then.
 */
export function countBelowIn64(
  sorted: Float64Array,
  start: number,
  from: Float64Array,
  i: number,
): number {
  const x = from[i] as number;
  let base = start;
  base += 32 & -Number((sorted[base + 31] as number) < x);
  base += 16 & -Number((sorted[base + 15] as number) < x);
  base += 8 & -Number((sorted[base + 7] as number) < x);
  base += 4 & -Number((sorted[base + 3] as number) < x);
  base += 2 & -Number((sorted[base + 1] as number) < x);
  base += Number((sorted[base] as number) < x);
  return base - start + Number((sorted[base] as number) < x);
}

/** How many of the `count` sorted numbers from `start` on are `<= x`. */
export function countAtMost(
  sorted: Float64Array | Int32Array,
  start: number,
  count: number,
  x: number,
): number {
  let low = start;
  let high = start + count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low - start;
}
