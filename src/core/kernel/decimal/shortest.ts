/**
 * The shortest decimal that reads back as a double; of several, the nearest to it. After R. Giulietti, "The Schubfach
 * way to render doubles", 2020.
 *
 * @module
 */

/** Smallest exponent of ten in the table of powers. */
const FIRST_POWER: i32 = -292;
const MANTISSA_BITS: i32 = 52;
const HIDDEN_BIT: u64 = 1 << 52;
const MIN_EXPONENT: i32 = -1074;

/** Address of the table. 10^e = g 2^(floor(log2 10^e) - 127); the low and the high half of g, rounded up. */
let powers: usize = 0;

/** After {@link shortest}: the value is `digits` times 10 to this. `digits` may end in zeros. */
export let exponent: i32 = 0;

/** Uses the table at `at`. */
export function usePowers(at: usize): void {
  powers = at;
}

/** The digits of a finite value > 0: at most 17. */
export function shortest(value: f64): u64 {
  const bits = reinterpret<u64>(value);
  const biased = <i32>(bits >> MANTISSA_BITS) & 0x7ff;
  const fraction = bits & (HIDDEN_BIT - 1);
  const c = biased === 0 ? fraction : fraction | HIDDEN_BIT;
  const q = biased === 0 ? MIN_EXPONENT : biased + MIN_EXPONENT - 1;
  const isNarrowBelow = fraction === 0 && biased > 1; // the double below is half as far as the one above
  const k = floorLog10OfPow2(q, isNarrowBelow);
  const h = q + floorLog2OfPow10(-k) + 1;
  const power = powers + ((<usize>(-k - FIRST_POWER)) << 4);
  const low = load<u64>(power);
  const high = load<u64>(power, 8);
  // four times the value and the two ends of the numbers that round to it, in units of 10^k
  const v = scaled(low, high, (4 * c) << h);
  const from = scaled(low, high, (4 * c - (isNarrowBelow ? 1 : 2)) << h) + (c & 1);
  const to = scaled(low, high, (4 * c + 2) << h) - (c & 1); // an odd mantissa excludes the ends
  const s = v >> 2;
  if (s >= 10) {
    const tens = s / 10;
    const isDownIn = from <= 40 * tens;
    const isUpIn = 40 * tens + 40 <= to;
    if (isDownIn !== isUpIn) {
      exponent = k + 1;
      return tens + u64(isUpIn);
    }
  }
  exponent = k;
  const isDownIn = from <= 4 * s;
  const isUpIn = 4 * s + 4 <= to;
  if (isDownIn !== isUpIn) return s + u64(isUpIn);
  const middle = 4 * s + 2;
  return s + u64(v > middle || (v === middle && (s & 1) !== 0));
}

/** `floor(log10(2^q))`; with `isNarrowBelow` of three quarters of it. For -1074 <= q <= 971. */
function floorLog10OfPow2(q: i32, isNarrowBelow: bool): i32 {
  return (q * 1_262_611 - (isNarrowBelow ? 524_031 : 0)) >> 22;
}

/** `floor(log2(10^e))` for -292 <= e <= 324. */
function floorLog2OfPow10(e: i32): i32 {
  return (e * 1_741_647) >> 19;
}

/** The product of a power and `x`, divided by 2^128, rounded to odd: so comparisons with integers are exact. */
function scaled(low: u64, high: u64, x: u64): u64 {
  const carry = upperHalf(low, x);
  const lower = high * x + carry;
  const upper = upperHalf(high, x) + u64(lower < carry);
  return upper | u64(lower > 1);
}

/** The upper 64 bits of a product. */
function upperHalf(a: u64, b: u64): u64 {
  const a0 = a & 0xffff_ffff;
  const a1 = a >> 32;
  const b0 = b & 0xffff_ffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  return a1 * b1 + (middle >> 32) + (((middle & 0xffff_ffff) + a0 * b1) >> 32);
}
