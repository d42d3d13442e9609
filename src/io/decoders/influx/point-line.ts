import { textFault } from "../lines/replaced-text.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** Maximum number of characters in a line. */
const MAX_POINT_LINE = 65_536;

const TOO_LONG: RowFault = {
  reason: "line too long",
  detail: `the line is longer than ${MAX_POINT_LINE} characters`,
};

/** Whether a line may be a point. */
export function isPointLine(line: string): boolean {
  return !isSkipped(line) && lineFault(line) === null;
}

/** Whether a line is blank or a comment. */
export function isSkipped(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** The fault of a line that can't be parsed; null: none. */
export function lineFault(line: string): RowFault | null {
  return line.length > MAX_POINT_LINE ? TOO_LONG : textFault(line);
}
