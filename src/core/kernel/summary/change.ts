/**
 * Adds values to a summary, and lets old ones leave.
 *
 * @module
 */
import { position } from "./read";
import {
  CAPACITY,
  clear,
  countsAt,
  entryOf,
  entryValue,
  mergedCounts,
  oldestOf,
  Summary,
  setSize,
  sizeOf,
  startGeneration,
  totalOf,
} from "./summary";

/** Entries that {@link compress} leaves at most, and values at the ends that it never merges. */
const TARGET: i32 = 36;
const KEEP: i32 = 6;
/** Largest weight of a merged entry, as a share of the values beyond it. It grows if too many entries are left. */
const EPS_REFERENCE: f64 = 0.35;
const EPS_ONE_SIDED: f64 = 0.25;
const EPS_GROWTH: f64 = 1.5;
/** A reference may be longer than its window by less than this. */
const BATCH: i32 = 16;
const GOLDEN: u32 = 0x9e3779b9;
const TWO_32: f64 = 4_294_967_296;

/** Adds a value. A generation is full at a third of `span` values. */
export function add(summary: Summary, x: f64, span: i32): void {
  if (sizeOf(summary, summary.newest) >= max(1, (span + 2) / 3)) startGeneration(summary);
  let i = x === summary.found ? summary.place : position(summary, x);
  summary.found = NaN;
  if (!has(summary, i, x)) {
    if (summary.entries === CAPACITY) {
      compress(summary);
      i = position(summary, x);
    }
    if (!has(summary, i, x)) insert(summary, i, x);
  }
  const count = entryOf(summary, i) + 8 + ((<usize>summary.newest) << 1);
  store<u16>(count, load<u16>(count) + 1);
  setSize(summary, summary.newest, sizeOf(summary, summary.newest) + 1);
  summary.length += 1;
}

/** Adds a value to a reference; values that are too old leave. */
export function learnValue(summary: Summary, x: f64): void {
  add(summary, x, summary.window);
  trim(summary, summary.window, BATCH);
}

/** If there are at least `slack` values more than `limit`, the oldest leave. */
export function trim(summary: Summary, limit: i32, slack: i32): void {
  if (summary.length >= limit + slack) thin(summary, summary.length - limit);
}

function has(summary: Summary, i: i32, x: f64): bool {
  return i < summary.entries && entryValue(summary, i) === x;
}

function insert(summary: Summary, i: i32, x: f64): void {
  const entry = entryOf(summary, i);
  for (let last = entryOf(summary, summary.entries); last > entry; last -= 16) {
    move(last, last - 16);
  }
  store<f64>(entry, x + 0); // no -0
  store<u64>(entry, 0, 8);
  summary.entries += 1;
}

/** Copies an entry. `memory.copy` calls the engine, which takes longer than this for so few bytes. */
function move(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}

/** Merges neighbours far from the ends, until few entries are left. The heavier value stands for both. */
function compress(summary: Summary): void {
  let eps = summary.oneSided !== 0 ? EPS_ONE_SIDED : EPS_REFERENCE;
  while (true) {
    const before = summary.entries;
    const left = pass(summary, eps);
    clear(summary, left, before);
    summary.entries = left;
    if (left <= TARGET) return;
    eps *= EPS_GROWTH;
  }
}

/** One pass from the left. @returns The number of entries left. */
function pass(summary: Summary, eps: f64): i32 {
  const n = summary.length;
  const end = entryOf(summary, summary.entries);
  let kept = entryOf(summary, 0);
  let left = 0;
  let weight = totalOf(countsAt(kept));
  for (let next = kept + 16; next < end; next += 16) {
    const other = totalOf(countsAt(next));
    const both = weight + other;
    const after = n - left - both;
    const room = summary.oneSided !== 0 ? after : min(left, after);
    if (room >= KEEP && <f64>both <= 1 + eps * <f64>room) {
      if (other > weight || (other === weight && left < after)) store<f64>(kept, load<f64>(next));
      store<u64>(kept, mergedCounts(countsAt(kept), countsAt(next)), 8);
      weight = both;
      continue;
    }
    left += weight;
    kept += 16;
    if (kept !== next) move(kept, next);
    weight = other;
  }
  return <i32>((kept - entryOf(summary, 0)) >> 4) + 1;
}

/** Lets `k` values leave, those of the oldest generation first, spread evenly over its ranks. */
function thin(summary: Summary, k: i32): void {
  let left = k;
  while (left > 0) {
    const oldest = oldestOf(summary);
    const present = sizeOf(summary, oldest);
    const gone = take(summary, oldest, min(left, present), present);
    setSize(summary, oldest, present - gone);
    summary.length -= gone;
    left -= gone;
    if (gone === present && summary.used > 1) summary.used -= 1;
    else if (gone === present || gone === 0) return;
  }
}

/** Takes `wanted` of the `present` values of a generation out. @returns Their number. */
function take(summary: Summary, generation: i32, wanted: i32, present: i32): i32 {
  summary.phase += GOLDEN;
  const phi = <f64>summary.phase / TWO_32;
  const step = wanted > 0 ? <f64>present / <f64>wanted : 0;
  const offset = (<usize>generation) << 1;
  const end = entryOf(summary, summary.entries);
  let kept = entryOf(summary, 0);
  let taken = 0;
  let sum = 0;
  let next = <i32>(phi * step);
  for (let entry = kept; entry < end; entry += 16) {
    const raw = <i32>load<u16>(entry + offset, 8);
    sum += generation === 3 ? raw & 0x7fff : raw;
    let out = 0;
    while (taken < wanted && next < sum) {
      out += 1;
      taken += 1;
      next = <i32>((<f64>taken + phi) * step);
    }
    if (out > 0) store<u16>(entry + offset, <u16>(raw - out), 8);
    if (totalOf(countsAt(entry)) === 0) continue;
    if (kept !== entry) move(kept, entry);
    kept += 16;
  }
  const entries = <i32>((kept - entryOf(summary, 0)) >> 4);
  clear(summary, entries, summary.entries);
  summary.entries = entries;
  return taken;
}
