/**
 * Reads decimal digits inside a string by character code.
 *
 * @module
 */

/** Significant digits of a fraction; further digits are below the precision of a double. */
export const FRACTION_DIGITS = 9;

const COMMA = 44;
const DOT = 46;

/** The number in `text[from, end)`; NaN unless every character there is a digit. */
export function digits(text: string, from: number, end: number): number {
  let value = 0;
  for (let i = from; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** End of a number of one or two digits. */
export function shortEnd(text: string, from: number): number {
  const next = text.charCodeAt(from + 1);
  return next >= 48 && next <= 57 ? from + 2 : from + 1;
}

/** First position at or after `from` that is not a digit. */
export function digitsEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}

/** End of a fraction whose decimal mark is at `from`; `from` if there is no fraction. */
export function fractionEnd(text: string, from: number): number {
  const mark = text.charCodeAt(from);
  if (mark !== DOT && mark !== COMMA) return from;
  const end = digitsEnd(text, from + 1);
  return end > from + 1 ? end : from;
}
