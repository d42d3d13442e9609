/**
 * Cells of a CSV record, as text, to values.
 *
 * @module
 */

import { isMissing } from "../columns/missing.ts";

const PLUS = 43;
const DASH = 45;
const COMMA = 44;
const QUOTE = 34;

/** Digits that a double holds exactly whatever they are. */
const EXACT_DIGITS = 15;

/** Powers of ten, all exact: one division by them rounds once, as a decimal literal does. */
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
const TRUE = /^true$/i;
const FALSE = /^false$/i;

/** A cell without blanks around it, and without quotes that blanks had kept from being quotes. */
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
 * @returns Infinity beyond the range of a double; NaN when it is not a number, or when a separator
 * could be either thousands or decimals: `1.013` where the decimal mark is a comma.
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

/** Whether a cell holds a number, `true` or `false`; a missing value is none of these. */
export function isNumeric(cell: string, decimalMark: number): boolean {
  return !Number.isNaN(parseNumber(cell, decimalMark)) || !Number.isNaN(parseBoolean(cell));
}

/** 1 for `true`, 0 for `false`, in any case; else NaN. */
export function parseBoolean(cell: string): number {
  const text = cleanCell(cell);
  if (TRUE.test(text)) return 1;
  return FALSE.test(text) ? 0 : Number.NaN;
}

/**
 * What a cell is worth in a numeric column: NaN for a missing value or an infinity, 1 and 0 for `true`
 * and `false`. About 20 ns for a plain number.
 *
 * @returns undefined when it is text.
 */
export function readNumber(cell: string | number, decimalMark: number): number | undefined {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : Number.NaN;
  const number = parseNumber(cell, decimalMark);
  if (Number.isFinite(number)) return number;
  if (!Number.isNaN(number) || isMissing(cleanCell(cell))) return Number.NaN;
  const truth = parseBoolean(cell);
  return Number.isNaN(truth) ? undefined : truth;
}

function parseUnusualNumber(text: string, decimalMark: number): number {
  const plain = decimalMark === COMMA ? fromCommaDecimal(text) : fromGrouped(text);
  return DECIMAL.test(plain) ? Number(plain) : Number.NaN;
}

/** `1.013,25` and `1013,25` to `1013.25`; a dot that may group thousands makes it no number. */
function fromCommaDecimal(text: string): string {
  if (!text.includes(",")) return /^[-+]?[1-9]\d{0,2}(\.\d{3})+$/.test(text) ? "" : text;
  const plain = /^[-+]?\d{1,3}(\.\d{3})+,\d+$/.test(text) ? text.replaceAll(".", "") : text;
  return plain.includes(".") ? "" : plain.replace(",", ".");
}

/** `1,013.25` to `1013.25`. */
function fromGrouped(text: string): string {
  return /^[-+]?\d{1,3}(,\d{3})+\.\d+$/.test(text) ? text.replaceAll(",", "") : text;
}
