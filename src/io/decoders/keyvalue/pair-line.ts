import { NUL_BYTE } from "../lines/replaced-text.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** Maximum number of characters in a line. */
const MAX_PAIR_LINE = 16_384;

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
