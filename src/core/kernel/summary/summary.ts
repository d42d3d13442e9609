/**
 * A summary in memory: about the newest values of one feature or score, in at most 48 entries sorted by value. Each entry
 * counts values by age, in four generations. See `docs/detector-spec.md`, section 6.
 *
 * An entry has 16 bytes: its value, then four counts of 16 bits. The highest bit of the fourth is set if values were merged.
 * Infinity fills the values of unused entries.
 *
 * @module
 */

/** Maximum number of entries. */
export const CAPACITY: i32 = 48;
const HEAD_BYTES: usize = 64;
const ENTRY_BYTES: usize = 16;
const GENERATIONS: i32 = 4;
const MERGED: u64 = 0x8000_0000_0000_0000;

/** The head of a summary. */
@unmanaged
export class Summary {
  /** Entries in use. */
  entries: i32;
  /** Values that they stand for. */
  length: i32;
  /** Whether only the upper tail must stay fine. */
  oneSided: i32;
  /** The generation that is being filled, and the number of those in use. */
  newest: i32;
  used: i32;
  /** Number of values in each generation. */
  size0: i32;
  size1: i32;
  size2: i32;
  size3: i32;
  /** State of the sequence that spreads what leaves over the ranks. */
  phase: u32;
  /** Length that a reference aims at. */
  window: i32;
  /** Number of entries with values below `found`, which was ranked last; NaN: entries have changed since. */
  place: i32;
  found: f64;
}

/** Bytes of memory that a summary needs. */
export function summaryBytes(): usize {
  return HEAD_BYTES + <usize>CAPACITY * ENTRY_BYTES;
}

/** Creates an empty summary at `at`, a multiple of 64. What was there is overwritten. */
export function createSummary(at: usize, oneSided: bool, window: i32): void {
  memory.fill(at, 0, summaryBytes());
  const summary = changetype<Summary>(at);
  summary.oneSided = i32(oneSided);
  summary.used = 1;
  summary.window = window;
  summary.found = NaN;
  clear(summary, 0, CAPACITY);
}

/** Address of an entry. */
export function entryOf(summary: Summary, i: i32): usize {
  return changetype<usize>(summary) + HEAD_BYTES + <usize>i * ENTRY_BYTES;
}

export function entryValue(summary: Summary, i: i32): f64 {
  return load<f64>(entryOf(summary, i));
}

/** The four counts of an entry, of which sums are the sums of the counts. */
export function countsAt(entry: usize): u64 {
  return load<u64>(entry, 8);
}

/** Sum of four counts; ignores whether values were merged. */
export function totalOf(counts: u64): i32 {
  return (
    <i32>(counts & 0xffff) +
    <i32>((counts >> 16) & 0xffff) +
    <i32>((counts >> 32) & 0xffff) +
    <i32>((counts >> 48) & 0x7fff)
  );
}

export function isMerged(counts: u64): bool {
  return (counts & MERGED) !== 0;
}

/** Counts of two entries that become one. */
export function mergedCounts(a: u64, b: u64): u64 {
  return ((a & ~MERGED) + (b & ~MERGED)) | MERGED;
}

/** Number of values in a generation. */
export function sizeOf(summary: Summary, generation: i32): i32 {
  return load<i32>(
    changetype<usize>(summary) + ((<usize>generation) << 2),
    offsetof<Summary>("size0"),
  );
}

export function setSize(summary: Summary, generation: i32, size: i32): void {
  store<i32>(
    changetype<usize>(summary) + ((<usize>generation) << 2),
    size,
    offsetof<Summary>("size0"),
  );
}

/** The generation after `generation`. */
function nextOf(generation: i32): i32 {
  return (generation + 1) % GENERATIONS;
}

/** The oldest generation in use. */
export function oldestOf(summary: Summary): i32 {
  return (summary.newest + 1 + GENERATIONS - summary.used) % GENERATIONS;
}

/** Starts a generation, unless all are in use. */
export function startGeneration(summary: Summary): void {
  if (summary.used === GENERATIONS) return;
  summary.newest = nextOf(summary.newest);
  summary.used += 1;
  setSize(summary, summary.newest, 0);
}

/** Empties the entries from `from` up to `to`. */
export function clear(summary: Summary, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    store<f64>(entryOf(summary, i), Infinity);
    store<u64>(entryOf(summary, i), 0, 8);
  }
}
