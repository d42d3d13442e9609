import { withinYears } from "./calendar.ts";
import { digitsEnd, FRACTION_DIGITS, fractionEnd } from "./digits.ts";

/**
 * Parses a number of seconds or a smaller unit since the epoch to ms; NaN if malformed or out of range.
 *
 * Works digit by digit, because a product such as 1600000000.1 * 1000 is inexact.
 *
 * @param shift Places by which the decimal point moves from the unit to milliseconds.
 */
export function parseEpoch(text: string, shift: number): number {
  const point = digitsEnd(text, 0);
  if (point === 0) return Number.NaN;
  const end = fractionEnd(text, point);
  if (end !== text.length) return parseScientificEpoch(text, shift);
  const wholeDigits = point + shift;
  let whole = 0;
  let part = 0;
  let partUnit = wholeDigits < 0 ? 10 ** wholeDigits : 1;
  let seen = 0;
  for (let i = 0; i < end; i++) {
    if (i === point) continue;
    const digit = text.charCodeAt(i) - 48;
    if (seen < wholeDigits) whole = whole * 10 + digit;
    else if (seen < wholeDigits + FRACTION_DIGITS) {
      part = part * 10 + digit;
      partUnit /= 10;
    }
    seen += 1;
  }
  if (seen < wholeDigits) whole *= 10 ** (wholeDigits - seen);
  return withinYears(whole + part * partUnit);
}

/** Parses `1.7e+18`, the form in which spreadsheets and pandas write large numbers. */
function parseScientificEpoch(text: string, shift: number): number {
  if (!/^\d+(\.\d+)?e\+?\d+$/i.test(text)) return Number.NaN;
  return withinYears(Number(text) * 10 ** shift);
}
