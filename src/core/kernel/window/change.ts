/**
 * Adds values to a sorted window and removes them.
 *
 * @module
 */
import { blockBelow, find, innerBelow } from "./search";
import {
  BLOCK,
  baseOf,
  changed,
  countOf,
  setCount,
  setFirst,
  slotOf,
  sumGroups,
  useSlot,
  Window,
} from "./window";

const HALF: i32 = BLOCK / 2;
const SPARSE: i32 = BLOCK / 4;
const MERGED: i32 = (3 * BLOCK) / 4;

/** Adds a value to a window that is not full. */
export function push(window: Window, x: f64): void {
  const newest = wrap(window, window.head + window.length);
  window.length += 1;
  arrive(window, newest, x);
}

/** Replaces the oldest value of a window that is not empty. */
export function slide(window: Window, x: f64): void {
  const oldest = window.head;
  const old = load<f64>(window.arrivals + ((<usize>oldest) << 3));
  const place = <i32>load<u16>(window.places + ((<usize>oldest) << 1));
  const to = put(window, x);
  const taken = slotOf(window, to);
  const left = take(window, old, load<i32>(window.holders + ((<usize>place) << 2)));
  if (window.moved) sumGroups(window);
  else {
    changed(window, left, -1);
    changed(window, to, 1);
  }
  window.head = wrap(window, oldest + 1);
  note(window, wrap(window, window.head + window.length - 1), x, taken);
}

/** Fills an empty window with the first `length` values of its ring. */
export function refill(window: Window, length: i32): void {
  for (let i = 0; i < length; i++) {
    window.length = i + 1;
    arrive(window, i, load<f64>(window.arrivals + ((<usize>i) << 3)));
  }
}

function arrive(window: Window, index: i32, x: f64): void {
  const block = put(window, x);
  if (window.moved) sumGroups(window);
  else changed(window, block, 1);
  note(window, index, x, slotOf(window, block));
}

function note(window: Window, index: i32, x: f64, place: i32): void {
  store<f64>(window.arrivals + ((<usize>index) << 3), x);
  store<u16>(window.places + ((<usize>index) << 1), <u16>place);
  if (index >= window.reached) window.reached = index + 1;
}

function wrap(window: Window, index: i32): i32 {
  return index >= window.capacity ? index - window.capacity : index;
}

/** Adds `x` to its block and returns the index of that block. Does not update the sums of groups. */
function put(window: Window, x: f64): i32 {
  find(window, x);
  if (countOf(window, window.block) === BLOCK && window.blocks === window.room) {
    makeRoom(window);
    find(window, x);
  }
  let block = window.block;
  let inner = window.inner;
  if (countOf(window, block) === BLOCK) {
    split(window, block);
    if (inner > HALF) {
      block += 1;
      inner -= HALF;
      window.start += HALF;
    }
  }
  const base = baseOf(window, block);
  const count = countOf(window, block);
  const at = base + ((<usize>inner) << 3);
  memory.copy(at + 8, at, (<usize>(count - inner)) << 3);
  // -0 becomes 0: they tie, and the output would depend on which of them came first
  store<f64>(at, x + 0);
  setCount(window, block, count + 1);
  setFirst(window, block, load<f64>(base));
  window.block = block;
  window.found = NaN;
  return block;
}

/** Removes one number equal to `x` and returns the index of its block. Does not update the sums of groups. */
function take(window: Window, x: f64, guess: i32): i32 {
  let block = blockBelow(window, x, guess);
  let inner = innerBelow(baseOf(window, block), x);
  if (inner === countOf(window, block)) {
    block += 1;
    inner = 0;
  }
  const base = baseOf(window, block);
  const count = countOf(window, block) - 1;
  const at = base + ((<usize>inner) << 3);
  memory.copy(at, at + 8, (<usize>(count - inner)) << 3);
  store<f64>(base + ((<usize>count) << 3), Infinity);
  setCount(window, block, count);
  if (block < window.block) window.start -= 1;
  setFirst(window, block, load<f64>(base));
  if (count < SPARSE) mend(window, block, count);
  return block;
}

/** Drops an empty block, or merges a sparse one with a neighbour that has room. */
function mend(window: Window, block: i32, count: i32): void {
  if (window.blocks === 1) return;
  if (count === 0) drop(window, block);
  else if (block + 1 < window.blocks && count + countOf(window, block + 1) <= MERGED) {
    merge(window, block);
  } else if (block > 0 && count + countOf(window, block - 1) <= MERGED) {
    merge(window, block - 1);
  }
}

/** Moves the numbers of the next block to the end of this one. */
function merge(window: Window, block: i32): void {
  const count = countOf(window, block);
  const more = countOf(window, block + 1);
  const to = baseOf(window, block) + ((<usize>count) << 3);
  memory.copy(to, baseOf(window, block + 1), (<usize>more) << 3);
  setCount(window, block, count + more);
  drop(window, block + 1);
}

function drop(window: Window, block: i32): void {
  const slot = slotOf(window, block);
  shift(window, block + 1, block);
  for (let i = 0; i < window.used; i++) {
    const holder = window.holders + ((<usize>i) << 2);
    const held = load<i32>(holder);
    if (held >= block) store<i32>(holder, max(0, held - 1));
  }
  window.blocks -= 1;
  store<i32>(window.slots + ((<usize>window.blocks) << 2), slot); // free slots come after those in use
  window.block = 0;
  window.start = 0;
  window.found = NaN;
  window.moved = true;
}

/** Moves the upper half of a full block to a new block after it. */
function split(window: Window, block: i32): void {
  const next = block + 1;
  if (window.blocks === window.used) useSlot(window);
  const slot = slotOf(window, window.blocks);
  shift(window, next, next + 1);
  window.blocks += 1;
  for (let i = 0; i < window.used; i++) {
    const holder = window.holders + ((<usize>i) << 2);
    const held = load<i32>(holder);
    if (held >= next) store<i32>(holder, held + 1);
  }
  store<i32>(window.holders + ((<usize>slot) << 2), next);
  store<i32>(window.slots + ((<usize>next) << 2), slot);
  const from = baseOf(window, block);
  const to = baseOf(window, next);
  memory.copy(to, from + ((<usize>HALF) << 3), (<usize>HALF) << 3);
  empty(from, HALF);
  empty(to, HALF);
  setFirst(window, next, load<f64>(to));
  setCount(window, block, HALF);
  setCount(window, next, BLOCK - HALF);
  window.moved = true;
}

/** Moves the entries of blocks `from` and later, so that they begin at index `to`. */
function shift(window: Window, from: i32, to: i32): void {
  const rest = <usize>(window.blocks - from);
  memory.copy(window.firsts + ((<usize>to) << 3), window.firsts + ((<usize>from) << 3), rest << 3);
  memory.copy(window.slots + ((<usize>to) << 2), window.slots + ((<usize>from) << 2), rest << 2);
  memory.copy(window.counts + ((<usize>to) << 2), window.counts + ((<usize>from) << 2), rest << 2);
}

/** Empties a block from index `inner` to its end. */
function empty(base: usize, inner: i32): void {
  for (let i = inner; i < BLOCK; i++) store<f64>(base + ((<usize>i) << 3), Infinity);
}

/** Frees at least one block when the maximum number of blocks is in use. */
function makeRoom(window: Window): void {
  for (let block = window.blocks - 2; block >= 0; block--) {
    if (countOf(window, block) + countOf(window, block + 1) <= MERGED) merge(window, block);
  }
  if (window.blocks === window.room) pack(window);
  sumGroups(window);
}

/** Fills blocks from their successors, until all but the last are at least three quarters full. O(length). */
function pack(window: Window): void {
  for (let block = 0; block + 1 < window.blocks; block++) {
    while (countOf(window, block) < MERGED && block + 1 < window.blocks) pull(window, block);
  }
  window.block = 0;
  window.start = 0;
  window.found = NaN;
}

/** Moves numbers of the next block to the end of this one, until this one is three quarters full. */
function pull(window: Window, block: i32): void {
  const next = block + 1;
  const count = countOf(window, block);
  const left = countOf(window, next);
  const moved = min(MERGED - count, left);
  if (moved === left) {
    merge(window, block);
    return;
  }
  const from = baseOf(window, next);
  const rest = left - moved;
  memory.copy(baseOf(window, block) + ((<usize>count) << 3), from, (<usize>moved) << 3);
  memory.copy(from, from + ((<usize>moved) << 3), (<usize>rest) << 3);
  empty(from, rest);
  setCount(window, block, count + moved);
  setCount(window, next, rest);
  setFirst(window, next, load<f64>(from));
}
