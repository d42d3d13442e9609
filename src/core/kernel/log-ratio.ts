/**
 * Correctly rounded natural logarithms of fractions of small integers, from a table that the host fills.
 *
 * @module
 */
import { extendLogs } from "./host";

const SPLITTER: f64 = 134_217_729; // 2 ** 27 + 1, Dekker: splits a double into two halves of 26 bits

/** Address of the table. ln k is the sum of the two doubles at offsets 16 k and 16 k + 8. */
let logs: usize = 0;
/** Largest k in the table. */
let known: i32 = 0;

/** Uses the table at `at`, which ends at k = `largest`. */
export function useLogs(at: usize, largest: i32): void {
  logs = at;
  known = largest;
}

/** `ln(numerator / denominator)` of the quotient, which is rounded to a double. Both integers are 1..2^26. */
export function logRatio(numerator: i32, denominator: i32): f64 {
  const largest = max(numerator, denominator);
  if (largest > known) extendLogs(largest);
  const n = <f64>numerator;
  const d = <f64>denominator;
  const quotient = n / d;
  const t = SPLITTER * quotient;
  const upper = t - (t - quotient);
  const error = (upper * d - n + (quotient - upper) * d) / n;
  const over = logs + ((<usize>numerator) << 4);
  const under = logs + ((<usize>denominator) << 4);
  const a = load<f64>(over);
  const b = load<f64>(under);
  const difference = a - b;
  const back = difference - a;
  const lost = a - (difference - back) - (b + back);
  return difference + (lost + (load<f64>(over, 8) - load<f64>(under, 8)) + error);
}
