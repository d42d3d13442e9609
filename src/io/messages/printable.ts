import { visibleText } from "../../core/visible-text.ts";

/** Text from an input without control characters, which could garble a terminal. */
export function printable(text: string): string {
  return visibleText(text).replace(/\p{Cc}/gu, "\u{FFFD}");
}

/** A text in quotes, with escapes for invisible characters and for invalid UTF-8: `"\u0000\ufffdA"`. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\ufffd]/gu,
    (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
