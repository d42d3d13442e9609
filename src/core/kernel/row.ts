/**
 * What a detector does with a row, all features at once.
 *
 * @module
 */

import { surprise } from "./surprise";
import { push, slide } from "./window/change";
import { atMostAfter, find } from "./window/search";
import { Window } from "./window/window";

/** A row of `features` features lies at `row`: values, then surprises (NaN: no vote), then sides (1: high). */
function surprisesOf(row: usize, features: i32): usize {
  return row + ((<usize>features) << 3);
}

function sidesOf(row: usize, features: i32): usize {
  return row + ((<usize>features) << 4);
}

function windowOf(windows: usize, feature: i32): Window {
  return changetype<Window>(<usize>load<u32>(windows + ((<usize>feature) << 2)));
}

/**
 * Surprise and side of every feature with a value and enough reference; how many those are.
 *
 * @param windows Addresses of the references, one a feature.
 */
export function vote(
  windows: usize,
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
    const reference = windowOf(windows, j);
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

/** Every value becomes part of its feature's reference, in the place of the oldest one when that is full. */
export function learn(windows: usize, row: usize, features: i32): void {
  for (let j = 0; j < features; j++) {
    const x = load<f64>(row + ((<usize>j) << 3));
    if (isNaN(x)) continue;
    const reference = windowOf(windows, j);
    if (reference.length < reference.capacity) push(reference, x);
    else slide(reference, x);
  }
}
