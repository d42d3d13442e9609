/**
 * A sorted window in memory: the newest values of one feature or score, in order of arrival and sorted.
 *
 * Sorted, they are cut into blocks of up to 64, so that adding and removing one moves tens of numbers and not
 * thousands. Full blocks are halved, sparse ones merged with a neighbour, others too when there is no room for
 * another. Questions remember their block, so the next value of a slowly moving series is found at once. Answers do
 * not depend on where blocks end.
 *
 * Room is for the most there may ever be, and untouched memory takes none.
 *
 * @module
 */

/** Numbers a block holds at the most; places without a number hold infinity. */
export const BLOCK: i32 = 64;
const BLOCK_BYTES: i32 = BLOCK << 3;
/** Blocks that are counted together are 2 to the power of this. */
const GROUP_BITS: i32 = 3;

/** The head of a window. */
@unmanaged
export class Window {
  /** Address of the numbers, a place of 64 for each block. */
  data: usize;
  /** Of each block, in order: smallest number, place in `data`, how many numbers. */
  firsts: usize;
  slots: usize;
  counts: usize;
  /** Of each group of 8 blocks: numbers in them. */
  groups: usize;
  /** Of each place: its block; when it is free, the block that took its numbers over. */
  holders: usize;
  /** Values in order of arrival, a ring; and of each, its place in `data` when it came. */
  arrivals: usize;
  places: usize;
  capacity: i32;
  /** Blocks there is room for. */
  room: i32;
  blocks: i32;
  /** Places that were ever used. */
  used: i32;
  length: i32;
  /** Ring index of the oldest arrival. */
  head: i32;
  /** Places of the ring that were ever used. */
  reached: i32;
  /** Where the number asked for last belongs; `found` is NaN when that is only a guess. */
  block: i32;
  inner: i32;
  /** Numbers in blocks before `block`. */
  start: i32;
  /** Whether blocks were made or dropped since groups were summed. */
  moved: bool;
  found: f64;
}

/** Blocks there is room for: they are 64 % full on average. When there is none for another, they are packed. */
function roomFor(capacity: i32): i32 {
  return capacity / 41 + 2;
}

/** A length in whole lines of the cache. */
function lines(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Bytes of memory that a window of `capacity` is laid out in. */
export function windowBytes(capacity: i32): usize {
  const room = <usize>roomFor(capacity);
  const values = <usize>capacity;
  return (
    lines(offsetof<Window>()) +
    room * BLOCK_BYTES +
    lines(room << 3) +
    4 * lines(room << 2) +
    lines(values << 3) +
    lines(values << 1)
  );
}

/** Lays an empty window out in zeroed memory at `at`, a multiple of 64. */
export function createWindow(at: usize, capacity: i32): void {
  const window = changetype<Window>(at);
  const room = roomFor(capacity);
  let next = at + lines(offsetof<Window>());
  window.data = next;
  next += <usize>room * BLOCK_BYTES;
  window.firsts = next;
  next += lines((<usize>room) << 3);
  window.slots = next;
  next += lines((<usize>room) << 2);
  window.counts = next;
  next += lines((<usize>room) << 2);
  window.groups = next;
  next += lines((<usize>room) << 2);
  window.holders = next;
  next += lines((<usize>room) << 2);
  window.arrivals = next;
  next += lines((<usize>capacity) << 3);
  window.places = next;
  window.capacity = capacity;
  window.room = room;
  window.blocks = 1;
  window.found = NaN;
  useSlot(window);
}

/** Bytes that the values held so far have touched, about. */
export function heldBytes(window: Window): usize {
  return <usize>window.used * (BLOCK_BYTES + 8 + 4 * 4) + <usize>window.reached * (8 + 2);
}

/** The next place that was never used: it is made empty. */
export function useSlot(window: Window): void {
  const slot = window.used;
  const base = window.data + <usize>slot * BLOCK_BYTES;
  for (let i = 0; i < BLOCK; i++) store<f64>(base + ((<usize>i) << 3), Infinity);
  store<i32>(window.slots + ((<usize>slot) << 2), slot);
  window.used = slot + 1;
}

export function slotOf(window: Window, block: i32): i32 {
  return load<i32>(window.slots + ((<usize>block) << 2));
}

/** Address of a block's numbers. */
export function baseOf(window: Window, block: i32): usize {
  return window.data + <usize>slotOf(window, block) * BLOCK_BYTES;
}

/** Smallest number of a block. */
export function firstOf(window: Window, block: i32): f64 {
  return load<f64>(window.firsts + ((<usize>block) << 3));
}

export function setFirst(window: Window, block: i32, x: f64): void {
  store<f64>(window.firsts + ((<usize>block) << 3), x);
}

/** Numbers in a block. */
export function countOf(window: Window, block: i32): i32 {
  return load<i32>(window.counts + ((<usize>block) << 2));
}

/** Changes the count of a block, but not the totals. */
export function setCount(window: Window, block: i32, count: i32): void {
  store<i32>(window.counts + ((<usize>block) << 2), count);
}

/** Makes the totals good after the count of one block has changed. */
export function changed(window: Window, block: i32, by: i32): void {
  const group = window.groups + ((<usize>(block >>> GROUP_BITS)) << 2);
  store<i32>(group, load<i32>(group) + by);
}

/** Makes all totals anew. O(blocks). */
export function sumGroups(window: Window): void {
  const groups = (window.used >>> GROUP_BITS) + 1;
  memory.fill(window.groups, 0, (<usize>groups) << 2);
  for (let block = 0; block < window.blocks; block++)
    changed(window, block, countOf(window, block));
  window.moved = false;
}

/** Numbers in the blocks `from <= block < to`. O(to - from). */
export function countBetween(window: Window, from: i32, to: i32): i32 {
  let sum = 0;
  for (let block = from; block < to; block++) sum += countOf(window, block);
  return sum;
}

/** Numbers in all earlier blocks. O(blocks / 8). */
export function countBefore(window: Window, block: i32): i32 {
  const group = block >>> GROUP_BITS;
  let sum = 0;
  for (let g = 0; g < group; g++) sum += load<i32>(window.groups + ((<usize>g) << 2));
  return sum + countBetween(window, group << GROUP_BITS, block);
}

/** The block with the `i`-th smallest number. O(blocks / 8). */
export function blockAt(window: Window, i: i32): i32 {
  const last = ((window.blocks + 7) >>> GROUP_BITS) - 1;
  let left = i;
  let group = 0;
  for (; group < last; group++) {
    const count = load<i32>(window.groups + ((<usize>group) << 2));
    if (left < count) break;
    left -= count;
  }
  let block = group << GROUP_BITS;
  for (; block + 1 < window.blocks && left >= countOf(window, block); block++) {
    left -= countOf(window, block);
  }
  return block;
}
