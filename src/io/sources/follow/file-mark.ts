import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** Bytes in a mark: at most this many from the start, and as many before the offset. */
export const MARK_BYTES = 512;
/** Bytes that a search reads at once. */
const SEARCHED_BYTES = 262_144;

/**
 * Identifies a file by the first and the last bytes that were read, so that a replacement under the same name is
 * noticed.
 */
export class FileMark {
  readonly #head: Buffer;
  readonly #tail: Buffer;
  /** Bytes read. */
  readonly offset: number;

  private constructor(head: Buffer, tail: Buffer, offset: number) {
    this.#head = head;
    this.#tail = tail;
    this.offset = offset;
  }

  /** The mark of an unread file. */
  static readonly none = new FileMark(Buffer.alloc(0), Buffer.alloc(0), 0);

  /** The mark of a file at an offset; null: the file is shorter. */
  static async of(handle: FileHandle, offset: number): Promise<FileMark | null> {
    const length = Math.min(offset, MARK_BYTES);
    const head = await readAt(handle, 0, length);
    const tail = offset === length ? head : await readAt(handle, offset - length, length);
    return head.length < length || tail.length < length ? null : new FileMark(head, tail, offset);
  }

  /** The mark after these further bytes. Copies the ones it needs. */
  after(bytes: Buffer): FileMark {
    const missing = MARK_BYTES - this.#head.length;
    const head =
      missing === 0 ? this.#head : Buffer.concat([this.#head, bytes.subarray(0, missing)]);
    const last = bytes.subarray(-MARK_BYTES);
    const before = MARK_BYTES - last.length;
    const kept = before === 0 ? this.#tail.subarray(0, 0) : this.#tail.subarray(-before);
    return new FileMark(head, Buffer.concat([kept, last]), this.offset + bytes.length);
  }

  equals(other: FileMark): boolean {
    return (
      this.offset === other.offset &&
      this.#head.equals(other.#head) &&
      this.#tail.equals(other.#tail)
    );
  }

  /** The last byte read; undefined before the first. */
  get lastByte(): number | undefined {
    return this.#tail.at(-1);
  }

  /** Whether there are enough bytes to recognise the file by. */
  get isWhole(): boolean {
    return this.#head.length === MARK_BYTES;
  }

  /** Whether both files begin with the same bytes; false if one has too few to tell. */
  startsLike(other: FileMark): boolean {
    return this.isWhole && this.#head.equals(other.#head);
  }

  /** Offset in a file after the last bytes of this mark; null: the file does not have them. O(size of the file). */
  async findEnd(handle: FileHandle): Promise<number | null> {
    if (!this.isWhole) return null;
    let kept: Buffer = Buffer.alloc(0);
    for (let offset = 0; ; ) {
      const piece = await readAt(handle, offset, SEARCHED_BYTES);
      if (piece.length === 0) return null;
      const searched = Buffer.concat([kept, piece]);
      const found = searched.indexOf(this.#tail);
      if (found >= 0) return offset - kept.length + found + MARK_BYTES;
      offset += piece.length;
      kept = searched.subarray(-(MARK_BYTES - 1));
    }
  }

  /** The mark as sixteen hexadecimal digits. */
  get digest(): string {
    return createHash("sha256").update(this.#head).update(this.#tail).digest("hex").slice(0, 16);
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
