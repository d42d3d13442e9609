/**
 * The surprise of a value, given a reference that does not contain it.
 *
 * @module
 */
import { log1p } from "./host";
import { logRatio } from "./log-ratio";
import { at, excess } from "./window/read";
import { Window } from "./window/window";

const EXTENSION_GAIN: f64 = 2; // nats per e-fold of distance beyond the reference
const EXTENSION_CAP: f64 = 27.631021115928547; // 2 ln 1e6
const EXTENSION_MIN_REFERENCE: i32 = 20;

/**
 * The larger of the two tail surprises, in nats, at least 0. Beyond all reference values, the log of the distance
 * is added; its unit is the mean excess of the reference's tail.
 *
 * @param reference At least one value.
 * @param below Number of reference values `< x`.
 * @param atMost Number of reference values `<= x`.
 *
 * Source: Z. Li et al., "ECOD" (arXiv:2201.00382), except the part beyond the reference.
 */
export function surprise(reference: Window, x: f64, below: i32, atMost: i32, extension: bool): f64 {
  const n = reference.length;
  const atLeast = n - below;
  // max(-ln a, -ln b) = -ln min(a, b) needs one logarithm only
  const tail = -logRatio(min(atMost, atLeast) + 1, n + 1);
  if (!extension || n < EXTENSION_MIN_REFERENCE || (atMost > 0 && atLeast > 0)) return tail;
  return tail + distanceBeyond(reference, x, atLeast === 0);
}

/** Nats for the distance of `x` beyond the largest (`above`) or smallest reference value. */
function distanceBeyond(reference: Window, x: f64, above: bool): f64 {
  const n = reference.length;
  const k = max(5, n / 20);
  const first = at(reference, 0);
  const last = at(reference, n - 1);
  const excesses = above
    ? excess(reference, n - k, n, at(reference, n - k - 1))
    : -excess(reference, 0, k, at(reference, k));
  const quarter = n / 4;
  const scale = max(
    max(excesses / <f64>k, 0.05 * (at(reference, n - 1 - quarter) - at(reference, quarter))),
    1e-9 * max(abs(first), abs(last)),
  );
  const beyond = above ? x - last : first - x;
  const ratio = scale > 0 ? beyond / scale : Infinity;
  if (isNaN(ratio)) return EXTENSION_CAP; // infinity / infinity counts as the largest distance
  return min(EXTENSION_GAIN * log1p(ratio), EXTENSION_CAP);
}
