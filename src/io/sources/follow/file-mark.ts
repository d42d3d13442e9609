import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** Bytes in a mark: at most this many from the start, and as many before the offset. */
const MARK_BYTES = 512;

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
