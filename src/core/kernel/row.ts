/**
 * Scores and learns one row of all features.
 *
 * @module
 */

import { learnValue } from "./summary/change";
import { Summary } from "./summary/summary";
import { isHigh, surpriseOf } from "./summary/surprise";
import { surprise } from "./surprise";
import { push, slide } from "./window/change";
import { atMostAfter, find } from "./window/search";
import { Window } from "./window/window";

/** Layout at `row`: the values of all features, then surprises (NaN: no vote), then sides (1: high). */
function surprisesOf(row: usize, features: i32): usize {
  return row + ((<usize>features) << 3);
}

function sidesOf(row: usize, features: i32): usize {
  return row + ((<usize>features) << 4);
}

/** Reads a byte of each cache line, so that the processor loads lines that it does not have at the same time. */
export function touch(at: usize, bytes: usize): i32 {
  let sum = 0;
  for (let line: usize = 0; line < bytes; line += 64) sum += <i32>load<u8>(at + line);
  return sum;
}

function windowOf(references: usize, stride: usize, feature: i32): Window {
  return changetype<Window>(references + <usize>feature * stride);
}

function summaryOf(references: usize, stride: usize, feature: i32): Summary {
  return changetype<Summary>(references + <usize>feature * stride);
}

/**
 * Writes surprise and side of every feature with a value and enough reference values.
 *
 * @param references Address of the reference of the first feature.
 * @param stride Distance of the others, bytes.
 * @returns The number of these features.
 */
export function vote(
  references: usize,
  stride: usize,
  row: usize,
  features: i32,
  minReference: i32,
  extension: bool,
): i32 {
  const surprises = surprisesOf(row, features);
  const sides = sidesOf(row, features);
  let votes = 0;
  for (let j = 0; j < features; j++) {
    const x = load<f64>(row + ((<usize>j) << 3));
    const reference = windowOf(references, stride, j);
    const n = reference.length;
    const u = surprises + ((<usize>j) << 3);
    if (isNaN(x) || n < minReference || n === 0) {
      store<f64>(u, NaN);
      continue;
    }
    find(reference, x);
    const below = reference.start + reference.inner;
    const atMost = atMostAfter(reference, x, below);
    store<f64>(u, surprise(reference, x, below, atMost, extension));
    store<f64>(sides + ((<usize>j) << 3), f64(n - below <= atMost));
    votes += 1;
  }
  return votes;
}

/** As {@link vote}, with summaries as references. */
export function voteSummaries(
  references: usize,
  stride: usize,
  row: usize,
  features: i32,
  minReference: i32,
  extension: bool,
): i32 {
  const surprises = surprisesOf(row, features);
  const sides = sidesOf(row, features);
  let votes = 0;
  for (let j = 0; j < features; j++) {
    const x = load<f64>(row + ((<usize>j) << 3));
    const reference = summaryOf(references, stride, j);
    const u = surprises + ((<usize>j) << 3);
    if (isNaN(x) || reference.length < max(1, minReference)) {
      store<f64>(u, NaN);
      continue;
    }
    store<f64>(u, surpriseOf(reference, x, extension));
    store<f64>(sides + ((<usize>j) << 3), f64(isHigh));
    votes += 1;
  }
  return votes;
}

/** Adds each value to the summary of its feature. */
export function learnSummaries(references: usize, stride: usize, row: usize, features: i32): void {
  for (let j = 0; j < features; j++) {
    const x = load<f64>(row + ((<usize>j) << 3));
    if (!isNaN(x)) learnValue(summaryOf(references, stride, j), x);
  }
}

/** Adds each value to the reference of its feature; in a full reference it replaces the oldest. */
export function learn(references: usize, stride: usize, row: usize, features: i32): void {
  for (let j = 0; j < features; j++) {
    const x = load<f64>(row + ((<usize>j) << 3));
    if (isNaN(x)) continue;
    const reference = windowOf(references, stride, j);
    if (reference.length < reference.capacity) push(reference, x);
    else slide(reference, x);
  }
}
