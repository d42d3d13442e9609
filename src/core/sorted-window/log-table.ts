/**
 * Natural logarithms of small integers with about 100 bits, so that logarithms of fractions round correctly.
 *
 * The last bit of `Math.log` differs between implementations. Scores are sums of such logarithms and
 * often tie (2 x 6 = 3 x 4); ties decide ranks, so the last bit could decide an alarm. A table is
 * also faster.
 *
 * @module
 */

const SPLITTER = 2 ** 27 + 1; // Dekker: splits a double into two halves of 26 bits
const EXACT_BELOW = 512;
const ONE = 1n << 128n;

let logs = new Float64Array(4); // ln k = logs[2k] + logs[2k + 1], both in one cache line
let known = 1; // ln 1 = 0
let exact = 0n; // ln of the last exact k, in units of 2^-128

/** The table up to `largest`: ln k is `table[2 k] + table[2 k + 1]`. Computes each entry once. */
export function logTable(largest: number): Float64Array {
  if (2 * largest >= logs.length) {
    const larger = new Float64Array(Math.max(2 * (largest + 1), logs.length * 2, 2048));
    larger.set(logs);
    logs = larger;
  }
  for (; known < largest; known++) {
    if (known < EXACT_BELOW) addExactStep(known);
    else addStep(known);
  }
  return logs.subarray(0, 2 * (largest + 1));
}

/** Adds ln(k + 1) = ln k + 2 atanh(1 / (2k + 1)). */
function addStep(k: number): void {
  const divisor = 2 * k + 1;
  const z = 1 / divisor;
  const zLow = -productError(z, divisor) / divisor;
  // atanh z - z is below 1e-9 here, so double precision is enough
  const square = z * z;
  const rest = z * square * (1 / 3 + square * (1 / 5 + square / 7));
  const a = logs[2 * k] as number;
  const b = 2 * z;
  const sum = a + b;
  const back = sum - a;
  const error = a - (sum - back) + (b - back) + (logs[2 * k + 1] as number) + 2 * (zLow + rest);
  const high = sum + error;
  put(k + 1, high, error - (high - sum));
}

/** The same with integers in units of 2^-128, for small k, where the series converges slowly. */
function addExactStep(k: number): void {
  const divisor = BigInt(2 * k + 1);
  const square = divisor * divisor;
  for (let power = (2n * ONE) / divisor, n = 1n; power > 0n; power /= square, n += 2n) {
    exact += power / n;
  }
  const high = Number(exact) / Number(ONE);
  put(k + 1, high, Number(exact - BigInt(high * Number(ONE))) / Number(ONE));
}

function put(k: number, high: number, low: number): void {
  logs[2 * k] = high;
  logs[2 * k + 1] = low;
}

/** Exact `a * b - 1` for two doubles whose product is near 1. */
function productError(a: number, b: number): number {
  const t = SPLITTER * a;
  const aHigh = t - (t - a);
  return aHigh * b - 1 + (a - aHigh) * b;
}
