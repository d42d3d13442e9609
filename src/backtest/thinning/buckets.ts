/**
 * Series in buckets of equally many values, whose neighbours merge in pairs when all are full.
 *
 * @module
 */

/** @throws {RangeError} If `capacity` is not an even number >= 2, so that buckets merge in pairs. */
export function requireEven(capacity: number): void {
  if (capacity >= 2 && capacity % 2 === 0) return;
  throw new RangeError(`capacity must be an even number >= 2, current value is ${capacity}`);
}

/** The larger number; NaN only when both are. */
export function larger(a: number, b: number): number {
  return b > a || Number.isNaN(a) ? b : a;
}

/** The smaller number; NaN only when both are. */
export function smaller(a: number, b: number): number {
  return b < a || Number.isNaN(a) ? b : a;
}

type Numbers = Float64Array | Uint8Array;

/** Merges each `factor` of the first `used` buckets into one that keeps the first value. */
export function mergeFirst(from: Numbers, into: Numbers, factor: number, used: number): void {
  for (let i = 0, to = 0; i < used; i += factor, to++) into[to] = from[i] as number;
}

/** Merges each `factor` of the first `used` buckets into one, with `choose` on two values. */
export function mergeBy(
  choose: (a: number, b: number) => number,
  from: Numbers,
  into: Numbers,
  factor: number,
  used: number,
): void {
  for (let i = 0; i < used; i++) {
    const to = Math.floor(i / factor);
    const value = from[i] as number;
    into[to] = i % factor === 0 ? value : choose(into[to] as number, value);
  }
}
