import { isUtf8 } from "node:buffer";

/** Longest line, bytes without its line end. */
export const MAX_LINE_BYTES = 65_536;

const LF = 10;
const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOTHING = Buffer.alloc(0);
const FIRST_HOLD_BYTES = 256;

/** Lines that end in the bytes just pushed. */
export interface FramedLines {
  /** Without their line ends; one that was too long is empty, so that numbers hold. */
  readonly lines: readonly string[];
  /** How many of them had bytes that are no UTF-8; U+FFFD stands for these. */
  readonly repaired: number;
  /** How many of them were too long. */
  readonly tooLong: number;
}

/** How a {@link LineFramer} begins. */
export interface FramerStart {
  /** Whether the bytes before the first line end may be the rest of a line, and are dropped. */
  readonly midLine?: boolean;
  /** Whether the byte before was a CR: a LF that follows belongs to it. */
  readonly afterCr?: boolean;
  /** Whether a byte order mark may come first. */
  readonly atStart?: boolean;
}

/**
 * Cuts bytes of a live source into lines. A line ends with LF, CRLF or a lone CR; it is given as soon as the
 * first byte of that is there, so a CR never waits for what comes next. Holds at most 64 KiB.
 *
 * The lines, taken together, do not depend on where the bytes are cut.
 */
export class LineFramer {
  #held: Buffer = Buffer.allocUnsafe(FIRST_HOLD_BYTES);
  #heldBytes = 0;
  /** Bytes of a line that is already too long, and no longer held. */
  #skippedBytes = 0;
  #midLine: boolean;
  #afterCr: boolean;
  #atStart: boolean;

  constructor({ midLine = false, afterCr = false, atStart = false }: FramerStart = {}) {
    this.#midLine = midLine;
    this.#afterCr = afterCr;
    this.#atStart = atStart;
  }

  /** Bytes since the last line end: of a line that is not complete. */
  get pendingBytes(): number {
    return this.#heldBytes + this.#skippedBytes;
  }

  /** Whether the last byte was a CR, to which a LF may still come. */
  get afterCr(): boolean {
    return this.#afterCr;
  }

  /** Takes the next bytes; they may be overwritten afterwards. */
  push(chunk: Uint8Array): FramedLines {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const framed = new Collector();
    const clean = isUtf8(bytes); // as usual; found out once for all lines
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

  /** Gives what is left at the end of a source, which needs no line end. */
  finish(): FramedLines {
    const framed = new Collector();
    if (this.pendingBytes > 0) this.#end(NOTHING, true, framed);
    return framed;
  }

  /**
   * Drops what is held: the source was cut in the middle of a line.
   *
   * @returns Bytes dropped.
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

/** Finds line ends; looks at each byte twice at the most. */
class LineEnds {
  readonly #bytes: Buffer;
  #lf: number;
  #cr: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#lf = bytes.indexOf(LF, from);
    this.#cr = bytes.indexOf(CR, from);
  }

  /** Index of the first CR or LF from there on; -1: there is none. `from` may not go back. */
  next(from: number): number {
    if (this.#lf >= 0 && this.#lf < from) this.#lf = this.#bytes.indexOf(LF, from);
    if (this.#cr >= 0 && this.#cr < from) this.#cr = this.#bytes.indexOf(CR, from);
    if (this.#lf < 0 || this.#cr < 0) return Math.max(this.#lf, this.#cr);
    return Math.min(this.#lf, this.#cr);
  }
}

/** Turns lines into text. */
class Collector implements FramedLines {
  readonly lines: string[] = [];
  repaired = 0;
  tooLong = 0;

  /** @param clean Whether it is known to be UTF-8. */
  add(line: Buffer, clean: boolean): void {
    if (!clean && !isUtf8(line)) this.repaired += 1;
    this.lines.push(line.toString());
  }

  addTooLong(): void {
    this.tooLong += 1;
    this.lines.push("");
  }
}
