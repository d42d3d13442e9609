/**
 * A sorted window in memory: the newest values of one feature or score, in order of arrival and sorted.
 *
 * The sorted values are in blocks of up to 64, so adding or removing one moves tens of numbers, not thousands.
 * Full blocks are split and sparse ones merged with a neighbour; when all blocks are in use, more are merged. A
 * search begins at the block of the last one, which is near it for slowly changing series. Results do not depend
 * on the boundaries of blocks.
 *
 * The layout reserves addresses for the full capacity; memory that is never touched costs nothing.
 *
 * @module
 */

/** Maximum number of values in a block. Infinity fills the rest of a block. */
export const BLOCK: i32 = 64;
const BLOCK_BYTES: i32 = BLOCK << 3;
/** A group, whose values are counted together, has 2^3 blocks. */
const GROUP_BITS: i32 = 3;

/** The header of a window. */
@unmanaged
export class Window {
  /** Address of the values, in slots of 64; each block has a slot. */
  data: usize;
  /** For each block, in order: its smallest value (`firsts`), slot and number of values. */
  firsts: usize;
  slots: usize;
  counts: usize;
  /** Number of values in each group of blocks. */
  groups: usize;
  /** For each slot: its block, or for a free slot the block that took its values. */
  holders: usize;
  /** Ring of values in order of arrival, and (`places`) the slot of each when it arrived. */
  arrivals: usize;
  places: usize;
  capacity: i32;
  /** Maximum number of blocks. */
  room: i32;
  blocks: i32;
  /** Slots used so far. */
  used: i32;
  length: i32;
  /** Ring index of the oldest arrival. */
  head: i32;
  /** Length of the ring used so far. */
  reached: i32;
  /** Position of the number that was searched for last, `found`; NaN if the position is only a guess. */
  block: i32;
  inner: i32;
  /** Number of values in the blocks before `block`. */
  start: i32;
  /** Whether blocks were added or removed since groups were summed. */
  moved: bool;
  found: f64;
}

/** Maximum number of blocks, which are then 64 % full on average. When more are needed, they are packed. */
function roomFor(capacity: i32): i32 {
  return capacity / 41 + 2;
}

/** Rounds a length up to whole cache lines. */
function lines(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Bytes of memory that a window of `capacity` values needs. */
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

/** Creates an empty window in zeroed memory at `at`, a multiple of 64. */
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

/** Bytes that the window has touched so far, about. */
export function heldBytes(window: Window): usize {
  return <usize>window.used * (BLOCK_BYTES + 8 + 4 * 4) + <usize>window.reached * (8 + 2);
}

/** Empties the next unused slot and assigns it to the block of that index. */
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

/** Address of the values of a block. */
export function baseOf(window: Window, block: i32): usize {
  return window.data + <usize>slotOf(window, block) * BLOCK_BYTES;
}

/** Smallest value of a block. */
export function firstOf(window: Window, block: i32): f64 {
  return load<f64>(window.firsts + ((<usize>block) << 3));
}

export function setFirst(window: Window, block: i32, x: f64): void {
  store<f64>(window.firsts + ((<usize>block) << 3), x);
}

/** Number of values in a block. */
export function countOf(window: Window, block: i32): i32 {
  return load<i32>(window.counts + ((<usize>block) << 2));
}

/** Sets the count of a block, but not that of its group. */
export function setCount(window: Window, block: i32, count: i32): void {
  store<i32>(window.counts + ((<usize>block) << 2), count);
}

/** Adds a change of a block's count to the count of its group. */
export function changed(window: Window, block: i32, by: i32): void {
  const group = window.groups + ((<usize>(block >>> GROUP_BITS)) << 2);
  store<i32>(group, load<i32>(group) + by);
}

/** Recomputes the counts of all groups. O(blocks). */
export function sumGroups(window: Window): void {
  const groups = (window.used >>> GROUP_BITS) + 1;
  memory.fill(window.groups, 0, (<usize>groups) << 2);
  for (let block = 0; block < window.blocks; block++)
    changed(window, block, countOf(window, block));
  window.moved = false;
}

/** Number of values in the blocks `from <= block < to`. O(to - from). */
export function countBetween(window: Window, from: i32, to: i32): i32 {
  let sum = 0;
  for (let block = from; block < to; block++) sum += countOf(window, block);
  return sum;
}

/** Number of values in all earlier blocks. O(blocks / 8). */
export function countBefore(window: Window, block: i32): i32 {
  const group = block >>> GROUP_BITS;
  let sum = 0;
  for (let g = 0; g < group; g++) sum += load<i32>(window.groups + ((<usize>g) << 2));
  return sum + countBetween(window, group << GROUP_BITS, block);
}

/** The block with the `i`-th smallest value. O(blocks / 8). */
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
