/** `x`, or NaN (missing) where it is infinite. */
export function finiteOrMissing(x: number): number {
  return x - x === 0 ? x : Number.NaN;
}

/** How many of `samples[low..high)` are not missing. O(high - low). */
export function presentBetween(samples: Float64Array, low: number, high: number): number {
  let present = 0;
  for (let i = low; i < high; i++) {
    if (!Number.isNaN(samples[i])) present += 1;
  }
  return present;
}
