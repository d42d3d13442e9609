import type { RowFault } from "../rows/row-reader.ts";

const REPLACEMENT = "\ufffd";

/** The fault of a line with invalid UTF-8. */
export const INVALID_UTF8: RowFault = {
  reason: "invalid UTF-8",
  detail: "the line has invalid UTF-8",
};

/** The fault of a line with a NUL byte. */
export const NUL_BYTE: RowFault = { reason: "NUL byte", detail: "the line has a NUL byte" };

/** Whether a line contains a replaced invalid byte. */
export function hasReplacement(text: string): boolean {
  return text.includes(REPLACEMENT);
}

/** The fault of a line that is not valid text; null if it is. */
export function textFault(text: string): RowFault | null {
  if (text.includes("\0")) return NUL_BYTE;
  return hasReplacement(text) ? INVALID_UTF8 : null;
}
