/**
 * The kernel of the detector: sorted windows, and the votes of a row of features. It is compiled ahead to
 * WebAssembly, so every thread runs it at full speed from the first reading, without garbage collection.
 *
 * The language is AssemblyScript; `npm run kernel` compiles it.
 *
 * @module
 */
import { add as addTo, trim as trimTo } from "./summary/change";
import {
  atLeast,
  rank as rankOf,
  topExcess as topExcessOf,
  valueAt as valueAtRank,
} from "./summary/read";
import { Summary } from "./summary/summary";
import { push as pushTo, refill as refillFrom, slide as slideIn } from "./window/change";
import { excess as excessOf, at as valueAt } from "./window/read";
import { find } from "./window/search";
import { heldBytes as heldBytesOf, Window } from "./window/window";

export { useLogs } from "./log-ratio";
export { learn, learnSummaries, touch, vote, voteSummaries } from "./row";
export { createSummary, summaryBytes } from "./summary/summary";
export { createWindow, windowBytes } from "./window/window";

/** First free address. */
export function memoryStart(): usize {
  return __heap_base;
}

/** Number of values in a window. */
export function length(window: usize): i32 {
  return changetype<Window>(window).length;
}

/** Bytes that a window has touched so far, about. */
export function heldBytes(window: usize): usize {
  return heldBytesOf(changetype<Window>(window));
}

/** The `i`-th smallest value, `0 <= i < length`. */
export function at(window: usize, i: i32): f64 {
  return valueAt(changetype<Window>(window), i);
}

/** Number of values `< x`. */
export function countBelow(window: usize, x: f64): i32 {
  const values = changetype<Window>(window);
  find(values, x);
  return values.start + values.inner;
}

/** Sum of `at(i) - base` for `from <= i < to`, in this order. */
export function excess(window: usize, from: i32, to: i32, base: f64): f64 {
  return excessOf(changetype<Window>(window), from, to, base);
}

/** Adds a value to a window that is not full. */
export function push(window: usize, x: f64): void {
  pushTo(changetype<Window>(window), x);
}

/** Replaces the oldest value of a window that is not empty. */
export function slide(window: usize, x: f64): void {
  slideIn(changetype<Window>(window), x);
}

/** The oldest value of a window that is not empty. */
export function oldest(window: usize): f64 {
  const values = changetype<Window>(window);
  return load<f64>(values.arrivals + ((<usize>values.head) << 3));
}

/** Address of the ring of values in order of arrival. */
export function arrivals(window: usize): usize {
  return changetype<Window>(window).arrivals;
}

/** Index of the oldest value in that ring. */
export function head(window: usize): i32 {
  return changetype<Window>(window).head;
}

/** Fills an empty window with the first `length` values of its ring. */
export function refill(window: usize, length: i32): void {
  refillFrom(changetype<Window>(window), length);
}

/** Number of values that a summary stands for. */
export function summaryLength(summary: usize): i32 {
  return changetype<Summary>(summary).length;
}

/** Number of values `>= x` of a summary; a fraction between merged entries. */
export function summaryAtLeast(summary: usize, x: f64): f64 {
  rankOf(changetype<Summary>(summary), x);
  return atLeast;
}

/** The `i`-th smallest value of a summary, `0 <= i < length`. */
export function summaryAt(summary: usize, i: i32): f64 {
  return valueAtRank(changetype<Summary>(summary), i);
}

/** Mean of the `k` largest values of a summary less the value below them. */
export function summaryTopExcess(summary: usize, k: i32): f64 {
  return topExcessOf(changetype<Summary>(summary), k);
}

/** Adds a value to a summary. A generation is full at a third of `span` values. */
export function summaryAdd(summary: usize, x: f64, span: i32): void {
  addTo(changetype<Summary>(summary), x, span);
}

/** If there are at least `slack` values more than `limit`, the oldest leave. */
export function summaryTrim(summary: usize, limit: i32, slack: i32): void {
  trimTo(changetype<Summary>(summary), limit, slack);
}
