import { type FileHandle, open, stat } from "node:fs/promises";
import { LineFramer } from "../../framing/line-framer.ts";
import type { SourcePosition } from "../live/live-source.ts";
import { FileMark } from "./file-mark.ts";

const CHUNK_BYTES = 65_536;
const CR = 13;

/** A position in a file that grows: which file it was, and how much of it was read. */
export interface FilePosition {
  readonly ino: number;
  readonly offset: number;
  /** Lines so far, those of earlier files included. */
  readonly line: number;
  /** Digest of the mark at the offset. */
  readonly mark: string;
}

/** Reads what `SourcePosition` says; null when it is none of a file. */
export function toFilePosition(position: SourcePosition): FilePosition | null {
  const { ino, offset, line, mark } = position;
  if (typeof ino !== "number" || typeof offset !== "number") return null;
  if (typeof line !== "number" || typeof mark !== "string") return null;
  return { ino, offset, line, mark };
}

/** What goes on in a file that is opened. */
interface Rest {
  /** Holds the start of a line; by default there is none. */
  readonly framer?: LineFramer;
  /** See {@link OpenFile.isCopy}. */
  readonly isCopy?: boolean;
}

/** A file that grows while it is read, and may be cut off and written anew. */
export class OpenFile {
  readonly #handle: FileHandle;
  readonly ino: number;
  /** Takes its bytes. */
  readonly framer: LineFramer;
  /** Whether it is a copy of what was cut off, so that a line may go on in another file. */
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
   * @param framer Holds the start of its first line; by default there is none.
   * @throws {NodeJS.ErrnoException} When it can't be opened.
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
   * Opens a file behind what was read of it, or of what it is a copy of.
   *
   * @returns Null when it is not that file.
   * @throws {NodeJS.ErrnoException} When it can't be opened.
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

  /** Where it stands after the last whole line. */
  position(line: number): SourcePosition & FilePosition {
    return { ino: this.ino, offset: this.#lineMark.offset, line, mark: this.#lineMark.digest };
  }

  /** Where it stands after the last byte. */
  get bytePosition(): FilePosition {
    return { ino: this.ino, offset: this.#mark.offset, line: 0, mark: this.#mark.digest };
  }

  /**
   * Reads on, up to 64 KiB.
   *
   * @returns The bytes, valid until the next call; null at the end; `truncated` when what was read before
   * is no longer what the file has there.
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
   * Says that these bytes have been framed.
   *
   * @param whole How many of them belong to whole lines; 0: no line ended.
   */
  took(bytes: Buffer, whole: number): void {
    if (whole > 0) this.#lineMark = this.#mark.after(bytes.subarray(0, whole));
    this.#mark = whole === bytes.length ? this.#lineMark : this.#mark.after(bytes);
  }

  /** Says that the last line, without a line end, has been given too. */
  tookAll(): void {
    this.#lineMark = this.#mark;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The inode of a file; null when there is none of that name. */
export async function inodeOf(path: string): Promise<number | null> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.ino : null;
  } catch {
    return null;
  }
}
