import { constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";

const NEWLINE = 10;

/** Limits of rotation. */
export interface RotationSettings {
  /** Size of a file in bytes; only a single line may exceed it. */
  readonly maxBytes: number;
  /** Older files kept, as `<path>.1` (the newest) to `<path>.<keep>`. */
  readonly keep: number;
}

/**
 * Appends whole lines to a file, each in one write and on disk when `append` returns. Begins a new file if another
 * program has moved or deleted the old one. Calls must not overlap.
 */
export class AlertFile {
  readonly #path: string;
  readonly #rotation: RotationSettings;
  #handle: FileHandle | null = null;

  constructor(path: string, rotation: RotationSettings) {
    this.#path = path;
    this.#rotation = rotation;
  }

  /**
   * Appends a line. Removes the part that a failed attempt has left, or the next attempt ends that line.
   *
   * @param line Without a line end.
   * @throws {NodeJS.ErrnoException} An error of the file system.
   */
  async append(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`);
    let { handle, size } = await this.#open();
    if (size > 0 && size + bytes.length > this.#rotation.maxBytes) {
      await this.#rotate();
      ({ handle, size } = await this.#open());
    }
    const isTorn = size > 0 && !(await endsWithNewline(handle, size));
    const written = isTorn ? Buffer.concat([Buffer.of(NEWLINE), bytes]) : bytes;
    try {
      await writeWhole(handle, written);
      await handle.datasync();
    } catch (error) {
      await handle.truncate(size).catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }

  /** The current file at the path. */
  async #open(): Promise<{ handle: FileHandle; size: number }> {
    if (this.#handle !== null) {
      const own = await this.#handle.stat();
      const there = await stat(this.#path).catch(() => null);
      if (there?.ino === own.ino && there.dev === own.dev) {
        return { handle: this.#handle, size: own.size };
      }
      await this.close();
    }
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    const handle = await open(this.#path, O_APPEND | O_CREAT | O_RDWR, 0o640);
    this.#handle = handle;
    return { handle, size: (await handle.stat()).size };
  }

  async #rotate(): Promise<void> {
    const { keep } = this.#rotation;
    await this.close();
    await rm(`${this.#path}.${keep}`, { force: true });
    for (let i = keep - 1; i >= 1; i--) {
      await rename(`${this.#path}.${i}`, `${this.#path}.${i + 1}`).catch(ignoreMissing);
    }
    await rename(this.#path, `${this.#path}.1`);
  }
}

async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { bytesWritten } = await handle.write(bytes);
  if (bytesWritten === bytes.length) return;
  throw Object.assign(new Error("The disk stored only a part of the line"), { code: "ENOSPC" });
}

async function endsWithNewline(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 0 || buffer[0] === NEWLINE;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
