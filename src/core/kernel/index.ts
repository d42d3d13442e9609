/**
 * The kernel of the detector: sorted windows, and the votes of a row of features. Compiled ahead to WebAssembly,
 * so that it runs at full speed from the first reading on, in every thread, and nothing is boxed or collected.
 *
 * Written in AssemblyScript: `npm run kernel` compiles it.
 *
 * @module
 */
import { push as pushTo, refill as refillFrom, slide as slideIn } from "./window/change";
import { excess as excessOf, at as valueAt } from "./window/read";
import { find } from "./window/search";
import { heldBytes as heldBytesOf, Window } from "./window/window";

export { useLogs } from "./log-ratio";
export { learn, vote } from "./row";
export { createWindow, windowBytes } from "./window/window";

/** First address that is free. */
export function memoryStart(): usize {
  return __heap_base;
}

/** Values that a window holds. */
export function length(window: usize): i32 {
  return changetype<Window>(window).length;
}

/** Bytes that it has touched so far, about. */
export function heldBytes(window: usize): usize {
  return heldBytesOf(changetype<Window>(window));
}

/** The `i`-th smallest value, `0 <= i < length`. */
export function at(window: usize, i: i32): f64 {
  return valueAt(changetype<Window>(window), i);
}

/** How many values are `< x`. */
export function countBelow(window: usize, x: f64): i32 {
  const values = changetype<Window>(window);
  find(values, x);
  return values.start + values.inner;
}

/** Sum of `at(i) - base` for `from <= i < to`, in this order. */
export function excess(window: usize, from: i32, to: i32, base: f64): f64 {
  return excessOf(changetype<Window>(window), from, to, base);
}

/** Adds a value. There is room. */
export function push(window: usize, x: f64): void {
  pushTo(changetype<Window>(window), x);
}

/** Puts a value in the place of the oldest one. There is one. */
export function slide(window: usize, x: f64): void {
  slideIn(changetype<Window>(window), x);
}

/** The value that came first. There is one. */
export function oldest(window: usize): f64 {
  const values = changetype<Window>(window);
  return load<f64>(values.arrivals + ((<usize>values.head) << 3));
}

/** Address of the ring of values in order of arrival. */
export function arrivals(window: usize): usize {
  return changetype<Window>(window).arrivals;
}

/** Index in that ring of the value that came first. */
export function head(window: usize): i32 {
  return changetype<Window>(window).head;
}

/** Takes the first `length` values of that ring of an empty window. */
export function refill(window: usize, length: i32): void {
  refillFrom(changetype<Window>(window), length);
}
