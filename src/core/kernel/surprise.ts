/**
 * The surprise of a value, given a reference that does not contain it.
 *
 * @module
 */
import {
  distanceNats,
  isCoarse,
  isFar,
  MEDIAN_CAP,
  scaleOf,
  smaller,
  tailLength,
} from "./distance";
import { logRatio } from "./log-ratio";
import { at, excess } from "./window/read";
import { atMostAfter, find } from "./window/search";
import { Window } from "./window/window";

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
  if (!extension || isStored || !isFar(<f64>least, n)) return tail;
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
  return distanceNats(away, tailScale(reference, high), isGap);
}

/** The unit of distances: how far values of a tail lie beyond its threshold on average. */
function tailScale(reference: Window, high: bool): f64 {
  const n = reference.length;
  const k = tailLength(n);
  const threshold = at(reference, high ? n - k - 1 : k);
  const mean =
    (high ? excess(reference, n - k, n, threshold) : -excess(reference, 0, k, threshold)) / <f64>k;
  const first = high ? n - k : 0;
  const middle = 0.5 * (at(reference, first + (k - 1) / 2) + at(reference, first + k / 2));
  const median = high ? middle - threshold : threshold - middle;
  const cap = isCoarse(mean, median) ? stepAround(reference, threshold) : MEDIAN_CAP * median;
  const quarter = n / 4;
  const spread = at(reference, n - 1 - quarter) - at(reference, quarter);
  return scaleOf(mean, cap, spread, at(reference, 0), at(reference, n - 1));
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
