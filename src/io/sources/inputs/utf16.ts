/** The encoding of a text in UTF-16, as `TextDecoder` names it. */
export type Utf16 = "utf-16le" | "utf-16be";

/** Bytes that show the encoding. */
export const UTF16_BYTES = 4;

/** Whether these are the first bytes of a text in UTF-16: a byte order mark, or two characters of ASCII; null: no. */
export function utf16Of(start: Uint8Array): Utf16 | null {
  const [first = 0, second = 0, third = 0, fourth = 0] = start;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (isText(first) && second === 0 && isText(third) && fourth === 0) return "utf-16le";
  return first === 0 && isText(second) && third === 0 && isText(fourth) ? "utf-16be" : null;
}

/** A text in UTF-16 as UTF-8 without a byte order mark. The result does not depend on the chunks, except where they end. */
export async function* fromUtf16(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Utf16,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== "") yield Buffer.from(rest);
}

/** Whether a byte is a line break, a tab or a visible character of ASCII. */
function isText(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127);
}
