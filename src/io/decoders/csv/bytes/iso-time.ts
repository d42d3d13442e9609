import { parseTimestamp } from "../../../../core/timestamp/timestamp.ts";

const DASH = 45;
const DOT = 46;
const COLON = 58;
const SPACE = 32;
const UPPER_T = 84;
const UPPER_Z = 90;

const DATE_LENGTH = 10;
const MINUTE_LENGTH = 16;
const SECOND_LENGTH = 19;

/** Maximum number of decimals; more are rare. */
const MAX_DECIMALS = 9;
const FRACTION_UNITS = Float64Array.from({ length: MAX_DECIMALS }, (_, i) => 10 ** i);

/**
 * Reads ISO timestamps in their common form from bytes. Successive timestamps usually share their day, so it computes
 * the calendar once per day.
 */
export class IsoTimeReader {
  readonly #dayBytes = new Uint8Array(DATE_LENGTH);
  #dayMs = Number.NaN;

  /**
   * `2026-03-01T09:30`, `2026-03-01 09:30:15.25`, each also with `Z`, as ms since the epoch: the same
   * double as `parseTimestamp`. About 25 ns; allocates once per day.
   *
   * @param out Receives the result at `at`; NaN for any other text.
   */
  read(data: Uint8Array, start: number, end: number, out: Float64Array, at: number): void {
    out[at] = Number.NaN;
    const to = end > start && data[end - 1] === UPPER_Z ? end - 1 : end;
    const length = to - start;
    const separator = data[start + DATE_LENGTH];
    if (length < MINUTE_LENGTH || (separator !== SPACE && separator !== UPPER_T)) return;
    if (data[start + 13] !== COLON) return;
    const hour = twoDigits(data, start + 11);
    const minute = twoDigits(data, start + 14);
    if (!(hour < 24 && minute < 60)) return;
    const minutes = hour * 60 + minute;
    this.#findDay(data, start);
    if (length === MINUTE_LENGTH) {
      out[at] = this.#dayMs + minutes * 60_000;
      return;
    }
    if (length < SECOND_LENGTH || data[start + MINUTE_LENGTH] !== COLON) return;
    const second = twoDigits(data, start + 17);
    if (!(second < 60)) return;
    const ms = length === SECOND_LENGTH ? 0 : fractionMs(data, start + SECOND_LENGTH, to);
    out[at] = this.#dayMs + ((minutes * 60 + second) * 1000 + ms);
  }

  #findDay(data: Uint8Array, start: number): void {
    const known = this.#dayBytes;
    let i = DATE_LENGTH - 1;
    while (i >= 0 && data[start + i] === known[i]) i -= 1;
    if (i >= 0) this.#newDay(data, start);
  }

  #newDay(data: Uint8Array, start: number): void {
    this.#dayBytes.set(data.subarray(start, start + DATE_LENGTH));
    const dashed = this.#dayBytes[4] === DASH && this.#dayBytes[7] === DASH;
    this.#dayMs = dashed
      ? parseTimestamp(String.fromCharCode(...this.#dayBytes), "iso8601")
      : Number.NaN;
  }
}

function twoDigits(data: Uint8Array, at: number): number {
  const tens = (data[at] as number) - 48;
  const ones = (data[at + 1] as number) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Computes the fraction in the same order as the calendar, for the same rounding. */
function fractionMs(data: Uint8Array, start: number, end: number): number {
  const decimals = end - start - 1;
  if (data[start] !== DOT || decimals < 1 || decimals > MAX_DECIMALS) return Number.NaN;
  const whole = digits(data, start + 1, Math.min(end, start + 4));
  if (decimals <= 3) return whole * 10 ** (3 - decimals);
  return whole + digits(data, start + 4, end) / (FRACTION_UNITS[decimals - 3] as number);
}

function digits(data: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (data[at] as number) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
