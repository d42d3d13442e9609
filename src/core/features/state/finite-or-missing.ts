/** `x`, or NaN (missing) where it is infinite. */
export function finiteOrMissing(x: number): number {
  return x - x === 0 ? x : Number.NaN;
}
