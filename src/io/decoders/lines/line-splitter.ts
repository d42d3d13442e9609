import { isUtf8 } from "node:buffer";
import type { RowFault } from "../rows/row-reader.ts";
import { INVALID_UTF8, NUL_BYTE } from "./replaced-text.ts";

/** Maximum length of a line, bytes without the line break. */
const MAX_LINE_BYTES = 1_048_576;
const MAX_TEXT_BYTES = 4096;

const LF = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line that is not blank. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  /**
   * Without its line break; U+FFFD stands for invalid UTF-8. The first 4 kB of a line that is too long or has a NUL
   * byte.
   */
  readonly text: string;
  /** Why it is not valid text; null: valid. */
  readonly fault: RowFault | null;
}

/**
 * Cuts bytes into lines. Counts blank lines, but does not return them. Holds at most one line of 1 MiB beside the
 * chunk. The lines do not depend on the chunks.
 */
export class LineSplitter {
  #held: Buffer = Buffer.alloc(0);
  #number: number;
  #skipping = false;

  /** @param before Lines of the input that are not among the bytes. */
  constructor(before = 0) {
    this.#number = before;
  }

  /** Adds bytes and returns the lines that end in them. */
  push(chunk: Uint8Array): Line[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const lines: Line[] = [];
    let at = 0;
    for (let end = data.indexOf(LF); end >= 0; end = data.indexOf(LF, at)) {
      this.#add(data.subarray(at, end), lines);
      at = end + 1;
    }
    this.#held = data.subarray(at);
    if (this.#held.length > MAX_LINE_BYTES) {
      this.#add(this.#held, lines);
      this.#skipping = true;
      this.#held = Buffer.alloc(0);
    } else if (this.#skipping) this.#held = Buffer.alloc(0);
    return lines;
  }

  /** Returns the last line, which needs no line break. */
  finish(): Line[] {
    const lines: Line[] = [];
    if (this.#held.length > 0) this.#add(this.#held, lines);
    return lines;
  }

  #add(bytes: Buffer, lines: Line[]): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    this.#number += 1;
    const marked = this.#number === 1 && bytes.subarray(0, BOM.length).equals(BOM);
    const line = marked ? bytes.subarray(BOM.length) : bytes;
    const fault = findFault(line);
    if (fault === null || fault === INVALID_UTF8) {
      const text = line.toString();
      if (text.trim() !== "") lines.push({ number: this.#number, text, fault });
    } else {
      const text = line.subarray(0, MAX_TEXT_BYTES).toString();
      lines.push({ number: this.#number, text, fault });
    }
  }
}

function findFault(line: Buffer): Line["fault"] {
  if (line.length > MAX_LINE_BYTES) {
    return {
      reason: "line too long",
      detail: `the line is longer than ${MAX_LINE_BYTES} bytes`,
    };
  }
  if (line.includes(0)) return NUL_BYTE;
  return isUtf8(line) ? null : INVALID_UTF8;
}
