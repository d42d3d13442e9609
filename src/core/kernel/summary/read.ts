/**
 * Reads a summary as if it were the sorted values that it stands for.
 *
 * @module
 */
import { countsAt, entryOf, entryValue, isMerged, Summary, totalOf } from "./summary";

/** What {@link rank} found: the numbers of values at most and at least as large, and the entries with smaller values. */
export let atMost: f64 = 0;
export let atLeast: f64 = 0;
export let place: i32 = 0;

/** Number of entries with smaller values: first whole runs of 8, then within the next run. */
export function position(summary: Summary, x: f64): i32 {
  const base = entryOf(summary, 0);
  const run =
    i32(load<f64>(base, 112) < x) +
    i32(load<f64>(base, 240) < x) +
    i32(load<f64>(base, 368) < x) +
    i32(load<f64>(base, 496) < x) +
    i32(load<f64>(base, 624) < x);
  const first = base + ((<usize>run) << 7);
  return (
    (run << 3) +
    i32(load<f64>(first) < x) +
    i32(load<f64>(first, 16) < x) +
    i32(load<f64>(first, 32) < x) +
    i32(load<f64>(first, 48) < x) +
    i32(load<f64>(first, 64) < x) +
    i32(load<f64>(first, 80) < x) +
    i32(load<f64>(first, 96) < x) +
    i32(load<f64>(first, 112) < x)
  );
}

/** Number of values in the entries before `i`. */
function countBefore(summary: Summary, i: i32): i32 {
  let counts: u64 = 0; // lanes of 16 bits: their sums do not overflow, but for the bit of merged entries
  const end = entryOf(summary, i);
  for (let entry = entryOf(summary, 0); entry < end; entry += 16) counts += countsAt(entry);
  return totalOf(counts);
}

function halfOf(counts: u64): f64 {
  return isMerged(counts) ? 0.5 * <f64>totalOf(counts) : 0;
}

/** Whether an entry has the value of which {@link rank} was called last. */
export function isStored(summary: Summary, x: f64): bool {
  return place < summary.entries && entryValue(summary, place) === x;
}

/** Ranks a value; between merged entries the ranks are interpolated. */
export function rank(summary: Summary, x: f64): void {
  const i = position(summary, x);
  place = i;
  summary.place = i;
  summary.found = x;
  const n = <f64>summary.length;
  const below = <f64>countBefore(summary, i);
  if (isStored(summary, x)) {
    const counts = countsAt(entryOf(summary, i));
    const total = <f64>totalOf(counts);
    const half = isMerged(counts);
    atMost = below + (half ? 0.5 * total : total);
    atLeast = half ? n - atMost : n - below;
    return;
  }
  atMost = below;
  if (i > 0 && i < summary.entries) {
    const left = halfOf(countsAt(entryOf(summary, i - 1)));
    const both = left + halfOf(countsAt(entryOf(summary, i)));
    if (both > 0) {
      const low = entryValue(summary, i - 1);
      const share = (x - low) / (entryValue(summary, i) - low);
      atMost = below - left + (share >= 0 ? share : 0.5) * both;
    }
  }
  atLeast = n - atMost;
}

/** The `i`-th smallest value, `0 <= i < length`. */
export function valueAt(summary: Summary, i: i32): f64 {
  let sum = 0;
  const last = summary.entries - 1;
  for (let e = 0; e < last; e++) {
    sum += totalOf(countsAt(entryOf(summary, e)));
    if (i < sum) return entryValue(summary, e);
  }
  return entryValue(summary, last);
}

/** Mean of the `k` largest values less the value below them. */
export function topExcess(summary: Summary, k: i32): f64 {
  const last = entryValue(summary, summary.entries - 1);
  let need = k;
  let sum: f64 = 0;
  for (let e = summary.entries - 1; e >= 0 && need > 0; e--) {
    const taken = min(totalOf(countsAt(entryOf(summary, e))), need);
    sum += <f64>taken * (entryValue(summary, e) - last);
    need -= taken;
  }
  return sum / <f64>k + (last - valueAt(summary, summary.length - k - 1));
}

/** The value above the `k` smallest values less their mean. */
export function bottomExcess(summary: Summary, k: i32): f64 {
  const first = entryValue(summary, 0);
  let need = k;
  let sum: f64 = 0;
  for (let e = 0; e < summary.entries && need > 0; e++) {
    const taken = min(totalOf(countsAt(entryOf(summary, e))), need);
    sum += <f64>taken * (entryValue(summary, e) - first);
    need -= taken;
  }
  return valueAt(summary, k) - first - sum / <f64>k;
}
