/** Text from an input without control characters, which could garble a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u{FFFD}");
}
