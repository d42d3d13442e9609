/**
 * The surprise of a value, given a summary as reference.
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
} from "../distance";
import { logRatio } from "../log-ratio";
import {
  atLeast,
  atMost,
  bottomExcess,
  isStored,
  place,
  position,
  rank,
  topExcess,
  valueAt,
} from "./read";
import { entryValue, Summary } from "./summary";

/** Whether the last value lies on the high side. */
export let isHigh: bool = false;

/** As `surprise` of a sorted window, with ranks that may be interpolated. */
export function surpriseOf(reference: Summary, x: f64, extension: bool): f64 {
  const n = reference.length;
  rank(reference, x);
  isHigh = atLeast <= atMost;
  const least = min(atMost, atLeast);
  const tail = max<f64>(0, tailNats(least, n));
  if (!extension || !isFar(least, n) || isStored(reference, x)) return tail;
  const m = reference.entries;
  const isGap = place > 0 && place < m;
  let away: f64;
  if (isGap) {
    away = smaller(x - entryValue(reference, place - 1), entryValue(reference, place) - x);
  } else away = place > 0 ? x - entryValue(reference, m - 1) : entryValue(reference, 0) - x;
  return tail + distanceNats(away, tailScale(reference, isHigh), isGap);
}

/** Whole ranks have correctly rounded logarithms, as those of sorted windows. */
function tailNats(least: f64, n: i32): f64 {
  const whole = <i32>least;
  if (<f64>whole === least) return -logRatio(whole + 1, n + 1);
  return -NativeMath.log((least + 1) / <f64>(n + 1));
}

function tailScale(reference: Summary, high: bool): f64 {
  const n = reference.length;
  const k = tailLength(n);
  const threshold = valueAt(reference, high ? n - k - 1 : k);
  const mean = high ? topExcess(reference, k) : bottomExcess(reference, k);
  const first = high ? n - k : 0;
  const middle =
    0.5 * (valueAt(reference, first + (k - 1) / 2) + valueAt(reference, first + k / 2));
  const median = high ? middle - threshold : threshold - middle;
  const cap = isCoarse(mean, median) ? stepAround(reference, threshold) : MEDIAN_CAP * median;
  const quarter = n / 4;
  const spread = valueAt(reference, n - 1 - quarter) - valueAt(reference, quarter);
  const last = entryValue(reference, reference.entries - 1);
  return scaleOf(mean, cap, spread, entryValue(reference, 0), last);
}

/** Distance from the value of an entry to that of the nearest other one; Infinity: there is none. */
function stepAround(reference: Summary, x: f64): f64 {
  const i = position(reference, x);
  const down = i > 0 ? x - entryValue(reference, i - 1) : Infinity;
  const up = i + 1 < reference.entries ? entryValue(reference, i + 1) - x : Infinity;
  return smaller(down, up);
}
