/** A copy of the text in its own memory: a slice would keep the whole line alive. O(length). */
export function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
