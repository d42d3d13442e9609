/**
 * What the distance of a value from a reference adds to its surprise, for both forms of a reference.
 *
 * @module
 */
import { log1p } from "./host";

const EXTENSION_GAIN: f64 = 2; // nats per e-fold of distance from the reference
const EXTENSION_CAP: f64 = 27.631021115928547; // 2 ln 1e6
const EXTENSION_MIN_REFERENCE: i32 = 20;
/** Maximum number of values beyond a gap, and distance in a gap that counts as none, in units of the tail. */
const GAP_MAX: i32 = 10;
const GAP_OFFSET: f64 = 10;
/** The mean excess of a tail counts as at most so many medians: a few far values do not stretch it. */
export const MEDIAN_CAP: f64 = 4;

/** Whether a value with `least` of the `n` reference values beyond it is far enough out for its distance to count. */
export function isFar(least: f64, n: i32): bool {
  return n >= EXTENSION_MIN_REFERENCE && least <= <f64>max(2, min(GAP_MAX, n / 50));
}

/** Number of values in a tail. */
export function tailLength(n: i32): i32 {
  return max(5, n / 20);
}

/** Whether most of a tail equals its threshold, as with a coarse sensor: then its step is the unit. */
export function isCoarse(mean: f64, median: f64): bool {
  return median <= 0 && mean > 0;
}

/**
 * The unit of distances.
 *
 * @param mean Mean excess of the tail.
 * @param cap Its maximum.
 * @param spread Distance of the quartiles.
 */
export function scaleOf(mean: f64, cap: f64, spread: f64, first: f64, last: f64): f64 {
  return larger(larger(smaller(mean, cap), 0.05 * spread), 1e-9 * larger(abs(first), abs(last)));
}

/** Nats for a distance in this unit. */
export function distanceNats(away: f64, scale: f64, isGap: bool): f64 {
  let ratio = scale > 0 ? away / scale : Infinity;
  if (isNaN(ratio)) return EXTENSION_CAP; // infinity / infinity counts as the largest distance
  if (isGap) ratio = larger(0, ratio - GAP_OFFSET);
  return smaller(EXTENSION_GAIN * log1p(ratio), EXTENSION_CAP);
}

/** The first unless the second is smaller; so a NaN that comes second is ignored. */
export function smaller(a: f64, b: f64): f64 {
  return b < a ? b : a;
}

function larger(a: f64, b: f64): f64 {
  return b > a ? b : a;
}
