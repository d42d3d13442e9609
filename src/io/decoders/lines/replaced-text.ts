import type { RowFault } from "../rows/row-reader.ts";

const REPLACEMENT = "\ufffd";

/** The fault of a line that has bytes which are no text. */
export const INVALID_UTF8: RowFault = {
  reason: "invalid UTF-8",
  detail: "the line has invalid UTF-8",
};

/** The fault of a line with a NUL byte. */
export const NUL_BYTE: RowFault = { reason: "NUL byte", detail: "the line has a NUL byte" };

/** Whether some of a line was no UTF-8 and was replaced. */
export function hasReplacement(text: string): boolean {
  return text.includes(REPLACEMENT);
}

/** Why a line can't be taken as text; null when it can. */
export function textFault(text: string): RowFault | null {
  if (text.includes("\0")) return NUL_BYTE;
  return hasReplacement(text) ? INVALID_UTF8 : null;
}
