import { isUtf8 } from "node:buffer";

/** Maximum length of a line, bytes without its line end. */
export const MAX_LINE_BYTES = 65_536;

const LF = 10;
const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOTHING = Buffer.alloc(0);
const FIRST_HOLD_BYTES = 256;

/** The lines that end in the last bytes. */
export interface FramedLines {
  /** Without their line ends. A line that is too long is empty, so that line numbers stay correct. */
  readonly lines: readonly string[];
  /** Number of lines with invalid UTF-8, which U+FFFD replaces. */
  readonly repaired: number;
  /** Number of lines that are too long. */
  readonly tooLong: number;
}

/** Initial state of a {@link LineFramer}. */
export interface FramerStart {
  /** Whether to drop the bytes before the first line end, which may be the rest of a line. */
  readonly midLine?: boolean;
  /** Whether the previous byte was a CR, to which a following LF belongs. */
  readonly afterCr?: boolean;
  /** Whether a byte order mark may follow. */
  readonly atStart?: boolean;
}

/**
 * Cuts bytes of a live source into lines. A line ends with LF, CRLF or a lone CR, and is complete at the first of these
 * bytes: a CR never waits for the next byte. Holds at most 64 KiB. The lines do not depend on the chunks.
 */
export class LineFramer {
  #held: Buffer = Buffer.allocUnsafe(FIRST_HOLD_BYTES);
  #heldBytes = 0;
  /** Dropped bytes of a line that is too long. */
  #skippedBytes = 0;
  #midLine: boolean;
  #afterCr: boolean;
  #atStart: boolean;

  constructor({ midLine = false, afterCr = false, atStart = false }: FramerStart = {}) {
    this.#midLine = midLine;
    this.#afterCr = afterCr;
    this.#atStart = atStart;
  }

  /** Bytes of the incomplete line. */
  get pendingBytes(): number {
    return this.#heldBytes + this.#skippedBytes;
  }

  /** Whether the last byte was a CR, to which a following LF belongs. */
  get afterCr(): boolean {
    return this.#afterCr;
  }

  /** Adds bytes and returns the lines that end in them. The caller may reuse the buffer. */
  push(chunk: Uint8Array): FramedLines {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const framed = new Collector();
    const clean = isUtf8(bytes); // usually true, so check it once for all lines
    let at = this.#afterCr && bytes[0] === LF ? 1 : 0;
    if (bytes.length > 0) this.#afterCr = bytes[bytes.length - 1] === CR;
    const ends = new LineEnds(bytes, at);
    for (let end = ends.next(at); end >= 0; end = ends.next(at)) {
      this.#end(bytes.subarray(at, end), clean, framed);
      at = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
    }
    this.#hold(bytes.subarray(at));
    return framed;
  }

  /** Returns the last line of a source, which needs no line end. */
  finish(): FramedLines {
    const framed = new Collector();
    if (this.pendingBytes > 0) this.#end(NOTHING, true, framed);
    return framed;
  }

  /**
   * Drops the incomplete line.
   *
   * @returns Number of dropped bytes.
   */
  drop(): number {
    const bytes = this.#midLine ? 0 : this.pendingBytes;
    this.#heldBytes = 0;
    this.#skippedBytes = 0;
    return bytes;
  }

  /** Ends a line with these bytes. */
  #end(last: Buffer, clean: boolean, framed: Collector): void {
    const length = this.pendingBytes + last.length;
    if (this.#midLine) this.#midLine = false;
    else if (length > MAX_LINE_BYTES) framed.addTooLong();
    else if (this.#heldBytes === 0) framed.add(this.#unmarked(last), clean);
    else {
      this.#hold(last);
      framed.add(this.#unmarked(this.#held.subarray(0, this.#heldBytes)), false);
    }
    this.#heldBytes = 0;
    this.#skippedBytes = 0;
    this.#atStart = false;
  }

  #unmarked(line: Buffer): Buffer {
    const marked = this.#atStart && line.subarray(0, BOM.length).equals(BOM);
    return marked ? line.subarray(BOM.length) : line;
  }

  #hold(bytes: Buffer): void {
    const length = this.#heldBytes + bytes.length;
    if (this.#midLine || this.#skippedBytes > 0 || length > MAX_LINE_BYTES) {
      this.#skippedBytes += length;
      this.#heldBytes = 0;
      return;
    }
    if (length > this.#held.length) {
      const larger = Buffer.allocUnsafe(
        Math.min(2 ** Math.ceil(Math.log2(length)), MAX_LINE_BYTES),
      );
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = length;
  }
}

/** Finds line ends; reads each byte at most twice. */
class LineEnds {
  readonly #bytes: Buffer;
  #lf: number;
  #cr: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#lf = bytes.indexOf(LF, from);
    this.#cr = bytes.indexOf(CR, from);
  }

  /** Index of the first CR or LF at or after `from`; -1: none. `from` must not decrease. */
  next(from: number): number {
    if (this.#lf >= 0 && this.#lf < from) this.#lf = this.#bytes.indexOf(LF, from);
    if (this.#cr >= 0 && this.#cr < from) this.#cr = this.#bytes.indexOf(CR, from);
    if (this.#lf < 0 || this.#cr < 0) return Math.max(this.#lf, this.#cr);
    return Math.min(this.#lf, this.#cr);
  }
}

/** Converts lines to text. */
class Collector implements FramedLines {
  readonly lines: string[] = [];
  repaired = 0;
  tooLong = 0;

  /** @param clean Whether the bytes are known to be UTF-8. */
  add(line: Buffer, clean: boolean): void {
    if (!clean && !isUtf8(line)) this.repaired += 1;
    this.lines.push(line.toString());
  }

  addTooLong(): void {
    this.tooLong += 1;
    this.lines.push("");
  }
}
