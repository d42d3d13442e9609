import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

/** Bytes that a mark looks at: so many at the beginning, and so many in front of its offset. */
const MARK_BYTES = 512;

/**
 * What tells a file from another one that took its name or its place: the first bytes of what was read of
 * it, and the last.
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

  /** Of a file of which nothing was read. */
  static readonly none = new FileMark(Buffer.alloc(0), Buffer.alloc(0), 0);

  /** The mark of what is there now, when so much has been read; null: the file is shorter. */
  static async of(handle: FileHandle, offset: number): Promise<FileMark | null> {
    const length = Math.min(offset, MARK_BYTES);
    const head = await readAt(handle, 0, length);
    const tail = offset === length ? head : await readAt(handle, offset - length, length);
    return head.length < length || tail.length < length ? null : new FileMark(head, tail, offset);
  }

  /** The mark when these bytes, too, have been read. Copies what it needs of them. */
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

  /** The last byte read; undefined when there is none. */
  get lastByte(): number | undefined {
    return this.#tail.at(-1);
  }

  /** Sixteen hexadecimal digits that stand for it. */
  get digest(): string {
    return createHash("sha256").update(this.#head).update(this.#tail).digest("hex").slice(0, 16);
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
