const LF = 10;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Whether an input is one array of objects, such as `[{"temp": 21.5}, ...]`, also over several lines. */
export function isObjectArray(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 512)).toString("latin1");
  return /^(?:\u00ef\u00bb\u00bf)?\s*\[\s*\{/.test(start);
}

/**
 * Cuts an array into lines, one for each element. Keeps only its place in the text, so memory does not depend on the
 * length of the array; the lines do not depend on the chunks.
 */
export class ArrayLines {
  #depth = 0;
  #inText = false;
  #isEscaped = false;

  /** The lines of the following bytes; the last one may go on in the next chunk. About 2 ns a byte. */
  push(chunk: Uint8Array): Buffer {
    const lines = Buffer.alloc(chunk.length);
    let end = 0;
    for (const byte of chunk) {
      const written = this.#step(byte);
      if (written > 0) lines[end++] = written;
    }
    return lines.subarray(0, end);
  }

  /** @returns The byte to write; 0: none. */
  #step(byte: number): number {
    if (this.#inText) return this.#textByte(byte);
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      this.#depth += 1;
      return this.#depth === 1 ? 0 : byte;
    }
    if (this.#depth === 0) return 0;
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.#depth -= 1;
      return this.#depth === 0 ? LF : byte;
    }
    if (byte === QUOTE) this.#inText = true;
    if (this.#depth > 1) return Math.max(byte, SPACE);
    return byte <= SPACE ? 0 : betweenElements(byte);
  }

  /** A byte of a text, which ends at its quote, and never contains a line break: a cut element costs only its line. */
  #textByte(byte: number): number {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE || byte === LF) this.#inText = false;
    return byte;
  }
}

function betweenElements(byte: number): number {
  return byte === COMMA ? LF : byte;
}

/** {@link ArrayLines} of a stream. */
export async function* arrayLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const lines = new ArrayLines();
  for await (const chunk of chunks) yield lines.push(chunk);
}
