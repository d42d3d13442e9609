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
 * How many of the 64 sorted numbers from `start` on are `< from[i]`: how many runs of 8 are, then how many of the next 8.
 *
 * More comparisons than halving takes, but none waits for another: numbers that were not used for a
 * while come from memory all at once, not one after the other.
 */
export function countBelowIn64(
  sorted: Float64Array,
  start: number,
  from: Float64Array,
  i: number,
): number {
  const x = from[i] as number;
  const below =
    8 *
    (Number((sorted[start + 7] as number) < x) +
      Number((sorted[start + 15] as number) < x) +
      Number((sorted[start + 23] as number) < x) +
      Number((sorted[start + 31] as number) < x) +
      Number((sorted[start + 39] as number) < x) +
      Number((sorted[start + 47] as number) < x) +
      Number((sorted[start + 55] as number) < x));
  const run = start + below;
  return (
    below +
    Number((sorted[run] as number) < x) +
    Number((sorted[run + 1] as number) < x) +
    Number((sorted[run + 2] as number) < x) +
    Number((sorted[run + 3] as number) < x) +
    Number((sorted[run + 4] as number) < x) +
    Number((sorted[run + 5] as number) < x) +
    Number((sorted[run + 6] as number) < x) +
    Number((sorted[run + 7] as number) < x)
  );
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
