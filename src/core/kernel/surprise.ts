/**
 * The surprise of a value, given a reference that does not contain it.
 *
 * @module
 */
import { log1p } from "./host";
import { logRatio } from "./log-ratio";
import { at, excess } from "./window/read";
import { atMostAfter, find } from "./window/search";
import { Window } from "./window/window";

const EXTENSION_GAIN: f64 = 2; // nats per e-fold of distance from the reference
const EXTENSION_CAP: f64 = 27.631021115928547; // 2 ln 1e6
const EXTENSION_MIN_REFERENCE: i32 = 20;
/** Maximum number of values beyond a gap, and distance in a gap that counts as none, in units of the tail. */
const GAP_MAX: i32 = 10;
const GAP_OFFSET: f64 = 10;
/** The mean excess of a tail counts as at most so many medians: a few far values do not stretch it. */
const MEDIAN_CAP: f64 = 4;

/**
 * The larger of the two tail surprises, in nats, at least 0. For a value that was never seen, beyond all reference
 * values or in a gap with few values beyond it, the log of the distance to its neighbours is added; its unit is the
 * mean excess of the reference's tail.
 *
 * @param reference At least one value.
 * @param below Number of reference values `< x`.
 * @param atMost Number of reference values `<= x`.
 *
 * Source: Z. Li et al., "ECOD" (arXiv:2201.00382), except the distance; see `docs/detector-spec.md`, section 3.
 */
export function surprise(reference: Window, x: f64, below: i32, atMost: i32, extension: bool): f64 {
  const n = reference.length;
  const atLeast = n - below;
  const least = min(atMost, atLeast);
  // max(-ln a, -ln b) = -ln min(a, b) needs one logarithm only
  const tail = -logRatio(least + 1, n + 1);
  const isStored = below !== atMost;
  if (!extension || isStored || n < EXTENSION_MIN_REFERENCE) return tail;
  if (least > max(2, min(GAP_MAX, n / 50))) return tail;
  return tail + distance(reference, x, below, atLeast <= atMost);
}

/** Nats for the distance of `x`, which is not in the reference, to its neighbours in the upper (`high`) or lower tail. */
function distance(reference: Window, x: f64, below: i32, high: bool): f64 {
  const n = reference.length;
  const isGap = below > 0 && below < n;
  let away: f64;
  if (isGap) {
    away = smaller(x - at(reference, below - 1), at(reference, below) - x);
  } else away = below > 0 ? x - at(reference, n - 1) : at(reference, 0) - x;
  const scale = tailScale(reference, high);
  let ratio = scale > 0 ? away / scale : Infinity;
  if (isNaN(ratio)) return EXTENSION_CAP; // infinity / infinity counts as the largest distance
  if (isGap) ratio = larger(0, ratio - GAP_OFFSET);
  return smaller(EXTENSION_GAIN * log1p(ratio), EXTENSION_CAP);
}

/** The unit of distances: how far values of a tail lie beyond its threshold on average. */
function tailScale(reference: Window, high: bool): f64 {
  const n = reference.length;
  const k = max(5, n / 20);
  const threshold = at(reference, high ? n - k - 1 : k);
  const mean =
    (high ? excess(reference, n - k, n, threshold) : -excess(reference, 0, k, threshold)) / <f64>k;
  const first = high ? n - k : 0;
  const middle = 0.5 * (at(reference, first + (k - 1) / 2) + at(reference, first + k / 2));
  const median = high ? middle - threshold : threshold - middle;
  let cap = MEDIAN_CAP * median;
  // a coarse sensor: most of the tail equals the threshold
  if (median <= 0 && mean > 0) cap = stepAround(reference, threshold);
  const quarter = n / 4;
  const spread = at(reference, n - 1 - quarter) - at(reference, quarter);
  const biggest = larger(abs(at(reference, 0)), abs(at(reference, n - 1)));
  return larger(larger(smaller(mean, cap), 0.05 * spread), 1e-9 * biggest);
}

/** Distance from a reference value to the nearest other one; Infinity: there is none. */
function stepAround(reference: Window, x: f64): f64 {
  find(reference, x);
  const below = reference.start + reference.inner;
  const atMost = atMostAfter(reference, x, below);
  const down = below > 0 ? x - at(reference, below - 1) : Infinity;
  const up = atMost < reference.length ? at(reference, atMost) - x : Infinity;
  return smaller(down, up);
}

/** The first unless the second is smaller; so a NaN that comes second is ignored. */
function smaller(a: f64, b: f64): f64 {
  return b < a ? b : a;
}

function larger(a: f64, b: f64): f64 {
  return b > a ? b : a;
}
