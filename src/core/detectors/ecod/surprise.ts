import type { SortedWindow } from "../../sorted-window.ts";
import { logRatio } from "./log-ratio.ts";

/** Mean surprise of a feature that behaves as in its reference: what a missing vote counts, nats. */
export const NEUTRAL_SURPRISE = 1 + Math.LN2;

const EXTENSION_GAIN = 2; // nats per e-fold of distance beyond everything seen
const EXTENSION_CAP = 2 * Math.log(1e6);
const EXTENSION_MIN_REFERENCE = 20;

/** On which side of the reference a value lies. */
export type Side = "low" | "high";

/**
 * How surprising a value is given a reference it is not part of: the larger of the two tail
 * surprises, and beyond everything seen also the log of how far, in units of the reference's tail.
 *
 * @param reference At least one value.
 * @param x The value is `x[j]`.
 * @param below How many reference values are smaller.
 * @param atMost How many reference values are smaller or equal.
 * @param out `out[j]` receives nats, 0 or larger.
 *
 * Source: detector specification, section 3, after Z. Li et al., "ECOD" (arXiv:2201.00382).
 */
export function surprise(
  reference: SortedWindow,
  x: Float64Array,
  j: number,
  below: number,
  atMost: number,
  extension: boolean,
  out: Float64Array,
): void {
  const n = reference.length;
  const atLeast = n - below;
  // the larger of -ln a and -ln b is -ln of the smaller: one logarithm
  logRatio(Math.min(atMost, atLeast) + 1, n + 1, out, j);
  out[j] = -(out[j] as number);
  if (!extension || n < EXTENSION_MIN_REFERENCE || (atMost > 0 && atLeast > 0)) return;
  out[j] = (out[j] as number) + distanceBeyond(reference, x[j] as number, atLeast === 0);
}

/** Nats for the distance of `value` beyond the largest (`above`) or smallest reference value. */
function distanceBeyond(reference: SortedWindow, value: number, above: boolean): number {
  const n = reference.length;
  const k = Math.max(5, Math.floor(n / 20));
  const first = reference.at(0);
  const last = reference.at(n - 1);
  const excesses = above
    ? reference.excess(n - k, n, reference.at(n - k - 1))
    : -reference.excess(0, k, reference.at(k));
  const quarter = Math.floor(n / 4);
  const scale = Math.max(
    excesses / k,
    0.05 * (reference.at(n - 1 - quarter) - reference.at(quarter)),
    1e-9 * Math.max(Math.abs(first), Math.abs(last)),
  );
  const excess = above ? value - last : first - value;
  const ratio = scale > 0 ? excess / scale : Number.POSITIVE_INFINITY;
  if (Number.isNaN(ratio)) return EXTENSION_CAP; // infinity / infinity: as far as it gets
  return Math.min(EXTENSION_GAIN * Math.log1p(ratio), EXTENSION_CAP);
}
