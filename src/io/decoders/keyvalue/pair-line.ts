import { NUL_BYTE } from "../lines/replaced-text.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** Characters of the longest line that is looked at. */
const MAX_PAIR_LINE = 16_384;

const COMMENT = /^\s*(?:#|\/\/)/;
const TOO_LONG: RowFault = {
  reason: "line too long",
  detail: `the line is longer than ${MAX_PAIR_LINE} characters`,
};

/** Whether there is anything to read in a line. */
export function isPairLine(line: string): boolean {
  return !isPassedOver(line) && lineFault(line) === null;
}

/** Blank lines and comments. */
export function isPassedOver(line: string): boolean {
  return line.trim() === "" || COMMENT.test(line);
}

/** Why a line is not read at all; null when it is. */
export function lineFault(line: string): RowFault | null {
  if (line.length > MAX_PAIR_LINE) return TOO_LONG;
  return line.includes("\0") ? NUL_BYTE : null;
}
