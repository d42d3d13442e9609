/**
 * Finds the formats in which a single cell may be a timestamp, without deciding between them.
 *
 * @module
 */

import { parseFormat } from "../format/parse-format.ts";
import { isFiller, isWeekday, monthOf } from "../format/words.ts";
import { digitsOf, type Part, splitCell } from "./cell-parts.ts";
import { takeClock, takeNumbers, takeZone } from "./clock-parts.ts";

/** Longer cells are not timestamps. */
const MAX_LENGTH = 60;

/** Letters of packed numbers, by their digits. */
const PACKED: Readonly<Record<number, readonly string[]>> = {
  6: ["%y%m%d", "%d%m%y", "%m%d%y"],
  8: ["%Y%m%d", "%d%m%Y", "%m%d%Y"],
  10: ["%Y%m%d%H"],
  12: ["%Y%m%d%H%M", "%y%m%d%H%M%S"],
  14: ["%Y%m%d%H%M%S"],
  17: ["%Y%m%d%H%M%S%f"],
};
const PACKED_CLOCK: Readonly<Record<number, string>> = { 4: "%H%M", 6: "%H%M%S" };

/** Whether a format has a date, a time of day, or both. */
export interface Candidates {
  /** Formats with the letters of strptime, the more usual first. */
  readonly formats: readonly string[];
  readonly hasDate: boolean;
  readonly hasTime: boolean;
}

const NONE: Candidates = { formats: [], hasDate: false, hasTime: false };

/**
 * All formats that fit a cell. Cells that differ only in their numbers have the same formats, as far as the numbers of
 * digits allow; whether the values fit is not checked.
 */
export function candidateFormats(cell: string): Candidates {
  const parts = cell.length > MAX_LENGTH ? null : splitCell(cell);
  if (parts === null) return NONE;
  const hasClock = takeClock(parts);
  if (!hasClock) takeZone(parts, parts.findLastIndex(({ kind }) => kind === "number") + 1);
  nameWords(parts);
  if (parts.some(({ kind, letter }) => kind === "word" && letter === null)) return NONE;
  const free = parts.filter(({ kind, letter }) => kind === "number" && letter === null);
  const hasMonth = parts.some(({ letter }) => letter === "%b");
  if (free.length === 0) {
    return hasClock && !hasMonth
      ? { formats: [formatOf(parts)], hasDate: false, hasTime: true }
      : NONE;
  }
  const numbers = hasClock ? free : withoutClock(parts, free);
  const orders = hasMonth ? namedOrders(numbers) : numericOrders(numbers, parts, hasClock);
  const formats = orders
    .map((letters) => {
      for (const [i, part] of numbers.entries()) part.letter = letters[i] ?? null;
      return formatOf(parts);
    })
    .filter((format) => !("fault" in parseFormat(format)));
  const [first = ""] = formats;
  return { formats, hasDate: /%[Yy]/.test(first), hasTime: /%[HIM]/.test(first) };
}

/** Sets the letters of words that are not part of the time of day. */
function nameWords(parts: readonly Part[]): void {
  const words = parts.filter(({ kind, letter }) => kind === "word" && letter === null);
  const months = words.filter(({ text }) => monthOf(text) > 0);
  for (const word of words) {
    const { text } = word;
    // in `mar. 3 mars`, the first word is a Tuesday
    const isMonth = months.includes(word) && (word === months.at(-1) || !isWeekday(text));
    if (isMonth) word.letter = "%b";
    else if (isWeekday(text)) word.letter = "%a";
    else if (isFiller(text) || /^T$/i.test(text)) word.letter = text;
  }
}

/** The format of parts whose numbers and words have letters. */
function formatOf(parts: readonly Part[]): string {
  return parts.map(({ text, letter }, i) => (endsWord(parts, i) ? "" : (letter ?? text))).join("");
}

/** Whether a part is the dot of an abbreviation: `3 févr. 2026`, but not `03.Feb.2026`. */
function endsWord(parts: readonly Part[], at: number): boolean {
  const before = parts[at - 1];
  if (parts[at]?.text !== "." || before?.kind !== "word" || before.letter === "%p") return false;
  return parts[at - 2]?.text !== ".";
}

/** Sets the letters of a time of day without colons, in the last numbers. @returns The numbers before it. */
function withoutClock(parts: readonly Part[], free: readonly Part[]): readonly Part[] {
  const gap = parts.findIndex(
    (part, i) => isGap(part) && digitsOf(parts[i - 1]) > 0 && digitsOf(parts[i + 1]) > 0,
  );
  if (gap < 0) return free;
  const later = free.filter((part) => parts.indexOf(part) > gap);
  const earlier = free.slice(0, free.length - later.length);
  const [first] = later;
  if (later.length === 1 && first !== undefined && PACKED_CLOCK[digitsOf(first)] !== undefined) {
    first.letter = PACKED_CLOCK[digitsOf(first)] ?? null;
    return earlier;
  }
  const isClock = later.length >= 2 && later.slice(0, 3).every((part) => digitsOf(part) <= 2);
  if (!isClock || earlier.length > 3 || later.length > 4) return free;
  takeNumbers(later);
  return earlier;
}

function isGap({ kind, text, letter }: Part): boolean {
  return kind === "blank" || text === "_" || letter === "T" || letter === "t";
}

/** Day and year beside the name of a month. */
function namedOrders(numbers: readonly Part[]): readonly (readonly string[])[] {
  const [first, second, ...more] = numbers.map(digitsOf);
  if (more.length > 0 || first === undefined) return [];
  if (second === undefined) return first === 4 ? [["%Y"]] : [];
  if (first === 4) return second <= 2 ? [["%Y", "%d"]] : [];
  if (first > 2) return [];
  if (second === 4) return [["%d", "%Y"]];
  return second === 2 ? [["%d", "%y"], ...(first === 2 ? [["%y", "%d"]] : [])] : [];
}

/** Year, month and day as numbers. */
function numericOrders(
  numbers: readonly Part[],
  parts: readonly Part[],
  hasClock: boolean,
): readonly (readonly string[])[] {
  const [first = 0] = numbers.map(digitsOf);
  if (numbers.length === 1) return (PACKED[first] ?? []).map((letters) => [letters]);
  if (numbers.length === 2) return isMonth(numbers, parts, hasClock) ? [["%Y", "%m"]] : [];
  if (numbers.length !== 3) return [];
  const isClock = !hasClock && isDottedClock(numbers, parts);
  return [...dateOrders(numbers.map(digitsOf)), ...(isClock ? [["%H", "%M", "%S"]] : [])];
}

/** @param digits Digits of the three numbers of a date. */
function dateOrders([first = 0, second = 0, third = 0]: readonly number[]): string[][] {
  if (second > 2) return [];
  if (first === 4 && third <= 2) {
    return [
      ["%Y", "%m", "%d"],
      ["%Y", "%d", "%m"],
    ];
  }
  if (first > 2 || (third !== 2 && third !== 4)) return [];
  const year = third === 4 ? "%Y" : "%y";
  const orders = [
    ["%d", "%m", year],
    ["%m", "%d", year],
  ];
  return third === 2 && first === 2 ? [...orders, ["%y", "%m", "%d"]] : orders;
}

/** Whether two numbers are a year and a month: `2026-03`. */
function isMonth(numbers: readonly Part[], parts: readonly Part[], hasClock: boolean): boolean {
  const [first = 0, second = 0] = numbers.map(digitsOf);
  return !hasClock && first === 4 && second <= 2 && /^[-/]$/.test(parts[1]?.text ?? "");
}

/** Whether the cell may be a time of day with dots: `09.30.15`. */
function isDottedClock(numbers: readonly Part[], parts: readonly Part[]): boolean {
  const areDots = parts.length === 5 && parts[1]?.text === "." && parts[3]?.text === ".";
  return areDots && digitsOf(numbers[1]) === 2 && digitsOf(numbers[2]) === 2;
}
