const LF = 10;
const CR = 13;
const SPACE = 32;

/**
 * Makes one blank of each run of blanks, and removes those at the start and end of lines, so that columns of a fixed
 * width have a delimiter. The result does not depend on the chunks.
 */
export class BlankRuns {
  #isLineStart = true;
  #isPending = false;

  push(chunk: Uint8Array): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (byte === SPACE) this.#isPending = !this.#isLineStart;
      else {
        const isEnd = byte === LF || byte === CR;
        if (this.#isPending && !isEnd) out[length++] = SPACE;
        this.#isPending = false;
        this.#isLineStart = isEnd;
        out[length++] = byte;
      }
    }
    return out.subarray(0, length);
  }
}
