import { textFault } from "../lines/replaced-text.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** Characters of the longest line that is looked at. */
const MAX_POINT_LINE = 65_536;

const TOO_LONG: RowFault = {
  reason: "line too long",
  detail: `the line is longer than ${MAX_POINT_LINE} characters`,
};

/** Whether there may be a point in a line. */
export function isPointLine(line: string): boolean {
  return !isPassedOver(line) && lineFault(line) === null;
}

/** Blank lines and comments. */
export function isPassedOver(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** Why a line is not read at all; null when it is. */
export function lineFault(line: string): RowFault | null {
  return line.length > MAX_POINT_LINE ? TOO_LONG : textFault(line);
}
