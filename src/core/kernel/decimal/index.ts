/**
 * Writes numbers as text, with the bytes of `String(value)`. JavaScript makes an object of each such text, which costs
 * more than its digits.
 *
 * The language is AssemblyScript; `npm run kernel` compiles it.
 *
 * @module
 */
import { exponent, shortest } from "./shortest";

export { usePowers } from "./shortest";

/** Doubles below this are exact integers if they are whole. */
const MAX_WHOLE: f64 = 9_007_199_254_740_992;
const EIGHT_DIGITS: u64 = 100_000_000;
const ZEROS: u64 = 0x3030_3030 * 0x1_0000_0001; // eight characters "0"
const ZERO: u8 = 48;
const POINT: u8 = 46;
const MINUS: u8 = 45;
const PLUS: u8 = 43;
const LETTER_E: u8 = 101;
/** Number of digits that are prepared, with zeros on both sides. */
const DIGITS: i32 = 24;
/** Decimals with more digits before the point, or more zeros after it, have an exponent. */
const MAX_WHOLE_DIGITS: i32 = 21;
const MAX_ZEROS: i32 = 6;

const digits: usize = memory.data(48, 8);

/** First free address. */
export function memoryStart(): usize {
  return __heap_base;
}

/**
 * Writes a finite value at an address.
 *
 * @returns The address after the text. The 48 bytes from `at` on may have changed.
 */
export function write(value: f64, at: usize): usize {
  if (value === 0) {
    store<u8>(at, ZERO);
    return at + 1;
  }
  const size = abs(value);
  let end = at;
  if (value < 0) {
    store<u8>(at, MINUS);
    end += 1;
  }
  if (size < MAX_WHOLE && trunc(size) === size) return place(<u64>size, 0, end);
  const found = shortest(size);
  return place(found, exponent, end);
}

/** Writes `number` times 10^`power` as JavaScript does (ECMA-262, Number::toString). */
function place(number: u64, power: i32, at: usize): usize {
  const upper = number / EIGHT_DIGITS;
  const first = eightDigits(<u32>(upper / EIGHT_DIGITS));
  const second = eightDigits(<u32>(upper % EIGHT_DIGITS));
  const third = eightDigits(<u32>(number % EIGHT_DIGITS));
  store<u64>(digits, first | ZEROS);
  store<u64>(digits, second | ZEROS, 8);
  store<u64>(digits, third | ZEROS, 16);
  const zerosBefore = bytesBefore(first, second, third);
  const count = DIGITS - zerosBefore - bytesAfter(first, second, third);
  const whole = DIGITS - zerosBefore + power; // digits before the point
  const from = digits + <usize>zerosBefore;
  if (whole > MAX_WHOLE_DIGITS || whole <= -MAX_ZEROS)
    return scientific(from, count, whole - 1, at);
  if (whole <= 0) {
    store<u64>(at, ZEROS);
    store<u8>(at, POINT, 1);
    const start = at + 2 + <usize>-whole;
    copyDigits(from, start);
    return start + <usize>count;
  }
  copyDigits(from, at);
  const point = at + <usize>whole;
  if (count > whole) {
    copyDigits(from + <usize>whole, point + 1);
    store<u8>(point, POINT);
    return at + <usize>count + 1;
  }
  for (let end = at + <usize>count; end < point; end += 1) store<u8>(end, ZERO);
  return point;
}

/** `1.25e-7` */
function scientific(from: usize, count: i32, power: i32, at: usize): usize {
  let end = at + 1;
  if (count > 1) {
    copyDigits(from + 1, at + 2);
    store<u8>(at, POINT, 1);
    end = at + 1 + <usize>count;
  }
  store<u8>(at, load<u8>(from));
  store<u8>(end, LETTER_E);
  store<u8>(end, power < 0 ? MINUS : PLUS, 1);
  end += 2;
  const size = <u32>abs(power);
  if (size >= 100) store<u8>(end++, ZERO + <u8>(size / 100));
  if (size >= 10) store<u8>(end++, ZERO + <u8>((size / 10) % 10));
  store<u8>(end, ZERO + <u8>(size % 10));
  return end + 1;
}

/** Copies at least the digits from `from` on that are not zeros at the end. */
function copyDigits(from: usize, to: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  store<u64>(to, load<u64>(from, 16), 16);
}

/** The digits of a number below 10^8, one per byte, the first digit in the lowest byte. */
function eightDigits(number: u32): u64 {
  let lanes = <u64>(number / 10_000) | ((<u64>(number % 10_000)) << 32);
  const hundreds = ((lanes * 5243) >> 19) & 0x7f_0000_007f;
  lanes = hundreds | ((lanes - 100 * hundreds) << 16);
  const tens = ((lanes * 103) >> 10) & 0xf_000f_000f_000f;
  return tens | ((lanes - 10 * tens) << 8);
}

/** Number of zeros before the first other digit. */
function bytesBefore(first: u64, second: u64, third: u64): i32 {
  if (first !== 0) return <i32>(ctz(first) >> 3);
  if (second !== 0) return 8 + <i32>(ctz(second) >> 3);
  return 16 + <i32>(ctz(third) >> 3);
}

/** Number of zeros after the last other digit. */
function bytesAfter(first: u64, second: u64, third: u64): i32 {
  if (third !== 0) return <i32>(clz(third) >> 3);
  if (second !== 0) return 8 + <i32>(clz(second) >> 3);
  return 16 + <i32>(clz(first) >> 3);
}
