/** The same text in memory of its own: a part of a line would keep the whole line. O(length). */
export function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
