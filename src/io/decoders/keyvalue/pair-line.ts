import { NUL_BYTE } from "../lines/replaced-text.ts";
import type { RowFault } from "../rows/row-reader.ts";
import { leadingTime } from "./leading-time.ts";
import { parsePairs } from "./parse-pairs.ts";

/** Maximum number of characters in a line. */
const MAX_PAIR_LINE = 16_384;

/** Numbers with blanks between them, which is not CSV. */
const BARE = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?(?: +[-+]?[\d.]+(?:e[-+]?\d+)?)+\s*$/i;
/** Part of a JSON document that spans lines. */
const JSON_FIELD = /"\s*:/;
/** A topic and its number, as `mosquitto_sub -v` prints them. */
const TOPIC =
  /^\s*(?=\S*\p{L})[^\s:=,;|"{]+\/[^\s:=,;|"{]*\s+[-+]?\d[\d.]*(?:\s*[^\s\d,;|]{1,8})?\s*$/u;
const LETTER = /\p{L}/u;

const COMMENT = /^\s*(?:#|\/\/)/;
const TOO_LONG: RowFault = {
  reason: "line too long",
  detail: `the line is longer than ${MAX_PAIR_LINE} characters`,
};

/** Whether a line may have names and values. */
export function isPairLine(line: string): boolean {
  return !isSkipped(line) && lineFault(line) === null;
}

/** Whether a line is blank or a comment. */
export function isSkipped(line: string): boolean {
  return line.trim() === "" || COMMENT.test(line);
}

/** The fault of a line that can't be parsed; null: none. */
export function lineFault(line: string): RowFault | null {
  if (line.length > MAX_PAIR_LINE) return TOO_LONG;
  return line.includes("\0") ? NUL_BYTE : null;
}

/** Whether most numbers of a line have a name, or the line has only numbers and blanks after its time. O(length). */
export function looksLikePairs(line: string): boolean {
  if (BARE.test(line.slice(leadingTime(line).end)) || TOPIC.test(line)) return true;
  if (JSON_FIELD.test(line)) return false;
  const numbers = parsePairs(line).filter(({ measure }) => measure !== null);
  const named = numbers.filter(({ name, labelled }) => labelled && LETTER.test(name));
  return named.length * 2 > numbers.length;
}
