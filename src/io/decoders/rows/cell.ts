/**
 * Converts cells from text to values.
 *
 * @module
 */

import { isMissing } from "../columns/missing.ts";

const PLUS = 43;
const DASH = 45;
const COMMA = 44;
const QUOTE = 34;

/** Number of digits that a double always holds exactly. */
const EXACT_DIGITS = 15;

/** Exact powers of ten: a division by one rounds once, like a decimal literal. */
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
/** Pairs of words for 1 and 0, in lower case. */
export const SWITCHES: readonly (readonly [one: string, zero: string])[] = [
  ["true", "false"],
  ["on", "off"],
  ["open", "closed"],
  ["yes", "no"],
];
const SWITCH_VALUES: ReadonlyMap<string, number> = new Map(
  SWITCHES.flatMap(([one, zero]) => [
    [one, 1],
    [zero, 0],
  ]),
);
const MAX_SWITCH_LENGTH = 6;

/** Trims a cell, and removes quotes that had blanks around them. */
export function cleanCell(cell: string): string {
  const text = cell.trim();
  const quoted =
    text.length > 1 && text.charCodeAt(0) === QUOTE && text.charCodeAt(text.length - 1) === QUOTE;
  return quoted ? text.slice(1, -1).trim() : text;
}

/**
 * The number in a cell: decimal digits with sign, fraction and exponent. About 20 ns.
 *
 * @param decimalMark Character code of `.` or `,`.
 * @returns Infinity beyond the range of a double; NaN for text, and for an ambiguous separator: `1.013` with a comma as
 * decimal mark.
 */
export function parseNumber(cell: string, decimalMark: number): number {
  const first = cell.charCodeAt(0);
  const signed = first === DASH || first === PLUS ? 1 : 0;
  let mantissa = 0;
  let markAt = -1;
  for (let at = signed; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (code === decimalMark && markAt < 0) markAt = at;
    else if (code >= 48 && code <= 57) mantissa = mantissa * 10 + (code - 48);
    else return parseUnusualNumber(cleanCell(cell), decimalMark);
  }
  const decimals = markAt < 0 ? 0 : cell.length - markAt - 1;
  const digits = cell.length - signed - (markAt < 0 ? 0 : 1);
  if (digits === 0 || digits > EXACT_DIGITS) return parseUnusualNumber(cell, decimalMark);
  const size = mantissa / (POWERS[decimals] as number);
  return first === DASH ? -size : size;
}

/** Whether a cell holds a number, or a word such as `true` or `off`. */
export function isNumeric(cell: string, decimalMark: number): boolean {
  return !Number.isNaN(parseNumber(cell, decimalMark)) || readSwitch(cell) !== undefined;
}

/** 1 for `true`, `on`, `open`, `yes`, 0 for `false`, `off`, `closed`, `no`, in any case; else undefined. */
export function readSwitch(cell: string): number | undefined {
  const text = cleanCell(cell);
  return text.length > MAX_SWITCH_LENGTH ? undefined : SWITCH_VALUES.get(text.toLowerCase());
}

/**
 * The value of a cell in a numeric column: NaN for a missing value or an infinity, 1 and 0 as `readSwitch`.
 * About 20 ns for a plain number.
 *
 * @returns Undefined for text.
 */
export function readNumber(cell: string | number, decimalMark: number): number | undefined {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : Number.NaN;
  const number = parseNumber(cell, decimalMark);
  if (Number.isFinite(number)) return number;
  if (!Number.isNaN(number) || isMissing(cleanCell(cell))) return Number.NaN;
  return readSwitch(cell);
}

function parseUnusualNumber(text: string, decimalMark: number): number {
  const plain = decimalMark === COMMA ? fromCommaDecimal(text) : fromGrouped(text);
  return DECIMAL.test(plain) ? Number(plain) : Number.NaN;
}

/** `1.013,25` and `1013,25` to `1013.25`; empty if a dot may group thousands. */
function fromCommaDecimal(text: string): string {
  if (!text.includes(",")) return /^[-+]?[1-9]\d{0,2}(\.\d{3})+$/.test(text) ? "" : text;
  const plain = /^[-+]?\d{1,3}(\.\d{3})+,\d+$/.test(text) ? text.replaceAll(".", "") : text;
  return plain.includes(".") ? "" : plain.replace(",", ".");
}

/** `1,013.25` to `1013.25`. */
function fromGrouped(text: string): string {
  return /^[-+]?\d{1,3}(,\d{3})+\.\d+$/.test(text) ? text.replaceAll(",", "") : text;
}
