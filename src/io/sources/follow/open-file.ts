import { type FileHandle, open, stat } from "node:fs/promises";
import { LineFramer } from "../../framing/line-framer.ts";
import type { SourcePosition } from "../live/live-source.ts";
import { FileMark, MARK_BYTES } from "./file-mark.ts";

const CHUNK_BYTES = 65_536;
const CR = 13;

/** A position in a growing file: which file, and how much of it was read. */
export interface FilePosition {
  readonly ino: number;
  readonly offset: number;
  /** Lines so far, including earlier files. */
  readonly line: number;
  /** Digest of the mark at the offset. */
  readonly mark: string;
}

/** Parses a `SourcePosition`; null if it is not a position in a file. */
export function toFilePosition(position: SourcePosition): FilePosition | null {
  const { ino, offset, line, mark } = position;
  if (typeof ino !== "number" || typeof offset !== "number") return null;
  if (typeof line !== "number" || typeof mark !== "string") return null;
  return { ino, offset, line, mark };
}

/** State that a file continues when it opens. */
interface Rest {
  /** Holds the start of a line; default: empty. */
  readonly framer?: LineFramer;
  /** See {@link OpenFile.isCopy}. */
  readonly isCopy?: boolean;
}

/** A file that may grow, or be truncated and rewritten, while it is read. */
export class OpenFile {
  readonly #handle: FileHandle;
  readonly ino: number;
  /** Frames its bytes. */
  readonly framer: LineFramer;
  /** Whether it is the copy of a truncated file; its last line may then continue in another file. */
  readonly isCopy: boolean;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #mark: FileMark;
  #lineMark: FileMark;

  private constructor(
    handle: FileHandle,
    ino: number,
    mark: FileMark,
    framer: LineFramer,
    isCopy: boolean,
  ) {
    this.#handle = handle;
    this.ino = ino;
    this.#mark = mark;
    this.#lineMark = mark;
    this.framer = framer;
    this.isCopy = isCopy;
  }

  /**
   * Opens a file at its beginning.
   *
   * @param framer Holds the start of its first line; default: empty.
   * @throws {NodeJS.ErrnoException} If it can't be opened.
   */
  static async atStart(path: string, framer?: LineFramer): Promise<OpenFile> {
    const handle = await open(path, "r");
    try {
      const { ino } = await handle.stat();
      return new OpenFile(
        handle,
        ino,
        FileMark.none,
        framer ?? new LineFramer({ atStart: true }),
        false,
      );
    } catch (cause) {
      await handle.close();
      throw cause;
    }
  }

  /**
   * Opens a file, or a copy of it, at a position.
   *
   * @returns Null if it is another file.
   * @throws {NodeJS.ErrnoException} If it can't be opened.
   */
  static async at(path: string, position: FilePosition, rest: Rest = {}): Promise<OpenFile | null> {
    const handle = await open(path, "r");
    try {
      const mark = await FileMark.of(handle, position.offset);
      if (mark?.digest === position.mark) {
        const { ino } = await handle.stat();
        const framer = rest.framer ?? new LineFramer({ afterCr: mark.lastByte === CR });
        return new OpenFile(handle, ino, mark, framer, rest.isCopy ?? false);
      }
    } catch (cause) {
      await handle.close();
      throw cause;
    }
    await handle.close();
    return null;
  }

  /**
   * Opens another file after the bytes that were read last from this one, because somebody has shortened or rewritten
   * the file. The line under way continues.
   *
   * @returns Null if the other file does not have these bytes.
   * @throws {NodeJS.ErrnoException} If it can't be opened.
   */
  async continueIn(path: string): Promise<OpenFile | null> {
    const handle = await open(path, "r");
    try {
      const offset = await this.#mark.findEnd(handle);
      const mark = offset === null ? null : await FileMark.of(handle, offset);
      if (mark !== null) {
        const { ino } = await handle.stat();
        return new OpenFile(handle, ino, mark, this.framer, false);
      }
    } catch (cause) {
      await handle.close();
      throw cause;
    }
    await handle.close();
    return null;
  }

  /** Whether another file begins with the same bytes, and so probably has the same lines. */
  async startsLike(other: OpenFile): Promise<boolean> {
    const start = await FileMark.of(other.#handle, MARK_BYTES);
    return start !== null && this.#mark.startsLike(start);
  }

  /** Whether enough was read to recognise the last bytes in another file. */
  get isRecognisable(): boolean {
    return this.#mark.isWhole;
  }

  /** Position after the last whole line. */
  position(line: number): SourcePosition & FilePosition {
    return { ino: this.ino, offset: this.#lineMark.offset, line, mark: this.#lineMark.digest };
  }

  /** Position after the last byte. */
  get bytePosition(): FilePosition {
    return { ino: this.ino, offset: this.#mark.offset, line: 0, mark: this.#mark.digest };
  }

  /**
   * Reads up to 64 KiB.
   *
   * @returns The bytes, valid until the next call; null at the end; `truncated` if the earlier bytes
   * have changed.
   */
  async read(): Promise<Buffer | "truncated" | null> {
    const { offset } = this.#mark;
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, CHUNK_BYTES, offset);
    const { size } = await this.#handle.stat();
    if (size < offset + bytesRead) return "truncated";
    const before = await FileMark.of(this.#handle, offset);
    if (before === null || !before.equals(this.#mark)) return "truncated";
    return bytesRead === 0 ? null : this.#buffer.subarray(0, bytesRead);
  }

  /**
   * Marks bytes as framed.
   *
   * @param whole Number of these bytes in whole lines; 0: no line ended.
   */
  took(bytes: Buffer, whole: number): void {
    if (whole > 0) this.#lineMark = this.#mark.after(bytes.subarray(0, whole));
    this.#mark = whole === bytes.length ? this.#lineMark : this.#mark.after(bytes);
  }

  /** Marks the last line as delivered although it has no line end. */
  tookAll(): void {
    this.#lineMark = this.#mark;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The inode of a file; null if the file does not exist. */
export async function inodeOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.ino : null;
  } catch {
    return null;
  }
}
