/**
 * Reads values of a sorted window by rank.
 *
 * @module
 */
import { baseOf, blockAt, countBefore, countOf, Window } from "./window";

/** The `i`-th smallest value, `0 <= i < length`. O(blocks / 8). */
export function at(window: Window, i: i32): f64 {
  const block = blockAt(window, i);
  return load<f64>(baseOf(window, block) + ((<usize>(i - countBefore(window, block))) << 3));
}

/** Sum of `at(i) - base` for `from <= i < to`, in this order. O(to - from). */
export function excess(window: Window, from: i32, to: i32, base: f64): f64 {
  let sum: f64 = 0;
  let i = from;
  for (let block = blockAt(window, from); i < to; block++) {
    const start = countBefore(window, block);
    const end = min(to, start + countOf(window, block));
    const numbers = baseOf(window, block);
    for (; i < end; i++) sum += load<f64>(numbers + ((<usize>(i - start)) << 3)) - base;
  }
  return sum;
}
