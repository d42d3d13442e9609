/**
 * Finds the position of a number in a sorted window.
 *
 * @module
 */
import { baseOf, countBefore, countBetween, countOf, firstOf, Window } from "./window";

/** Blocks to search on one side of the last position before all are searched. */
const NEAR: i32 = 3;

/**
 * Counts the numbers `< x` among the 64 sorted numbers at `base`: first whole runs of 8, then within the next run.
 *
 * Bisection compares less often, but each step waits for the one before. These comparisons are independent, so the
 * processor loads numbers that are not in its cache at the same time.
 */
export function innerBelow(base: usize, x: f64): i32 {
  const below =
    8 *
    (i32(load<f64>(base, 56) < x) +
      i32(load<f64>(base, 120) < x) +
      i32(load<f64>(base, 184) < x) +
      i32(load<f64>(base, 248) < x) +
      i32(load<f64>(base, 312) < x) +
      i32(load<f64>(base, 376) < x) +
      i32(load<f64>(base, 440) < x));
  const run = base + ((<usize>below) << 3);
  return (
    below +
    i32(load<f64>(run) < x) +
    i32(load<f64>(run, 8) < x) +
    i32(load<f64>(run, 16) < x) +
    i32(load<f64>(run, 24) < x) +
    i32(load<f64>(run, 32) < x) +
    i32(load<f64>(run, 40) < x) +
    i32(load<f64>(run, 48) < x) +
    i32(load<f64>(run, 56) < x)
  );
}

/** The last block whose first number is `< x`, or else the first block. O(log blocks). */
function farBelow(window: Window, x: f64): i32 {
  let block = 0;
  let left = window.blocks;
  while (left > 1) {
    const half = left >>> 1;
    // no branch: the processor can't predict the half, and a wrong prediction costs more than the step
    block += half & -i32(firstOf(window, block + half - 1) < x);
    left -= half;
  }
  return max(0, block - 1 + i32(firstOf(window, block) < x));
}

/** The same, but only among the blocks near `guess`, where slowly changing series stay; -1 if it is not there. */
function near(window: Window, x: f64, guess: i32): i32 {
  const end = window.blocks - 1;
  let block = guess;
  if (firstOf(window, block) < x) {
    const last = min(end, guess + NEAR);
    while (block < last && firstOf(window, block + 1) < x) block += 1;
    return block < last || last === end ? block : -1;
  }
  const first = max(0, guess - NEAR);
  while (block > first && firstOf(window, block) >= x) block -= 1;
  return firstOf(window, block) < x || block === 0 ? block : -1;
}

/** The last block whose first number is `< x`, or else the first block. Faster if `guess` is near it. */
export function blockBelow(window: Window, x: f64, guess: i32): i32 {
  const block = near(window, x, guess);
  return block >= 0 ? block : farBelow(window, x);
}

/** Finds the position of `x`, before every number `>= x`. The next call searches from there. */
export function find(window: Window, x: f64): void {
  if (x === window.found) return;
  const last = window.block;
  let block = near(window, x, last);
  if (block < 0) {
    block = farBelow(window, x);
    window.start = countBefore(window, block);
  } else if (block > last) window.start += countBetween(window, last, block);
  else window.start -= countBetween(window, block, last);
  window.block = block;
  window.inner = innerBelow(baseOf(window, block), x);
  window.found = x;
}

/** Counts the numbers `<= x` directly after {@link find} of `x`. `below`: the count of numbers `< x`. */
export function atMostAfter(window: Window, x: f64, below: i32): i32 {
  const block = window.block;
  const inner = window.inner;
  let after = Infinity;
  if (inner < countOf(window, block)) {
    after = load<f64>(baseOf(window, block) + ((<usize>inner) << 3));
  } else if (block + 1 < window.blocks) after = firstOf(window, block + 1);
  return after > x ? below : skipTies(window, x);
}

/** Counts the numbers `<= x` after {@link find} of an `x` that is in the window. */
function skipTies(window: Window, x: f64): i32 {
  let last = window.block;
  while (last + 1 < window.blocks && firstOf(window, last + 1) <= x) last += 1;
  const base = baseOf(window, last);
  let low = 0;
  let high = countOf(window, last);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<f64>(base + ((<usize>middle) << 3)) <= x) low = middle + 1;
    else high = middle;
  }
  return window.start + countBetween(window, window.block, last) + low;
}
