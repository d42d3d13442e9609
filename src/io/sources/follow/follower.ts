import { stat } from "node:fs/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { LiveLines } from "../live/live-lines.ts";
import { FileWakes } from "./file-wakes.ts";
import { type FilePosition, inodeOf, OpenFile } from "./open-file.ts";
import { Rotation } from "./rotation.ts";

/** A rotated file is finished after this time without growth, ms: its writer may still use it. */
const QUIET_MS = 1000;

/** One run of a `FollowSource`: the file under way, and the choice of the next one. */
export class Follower {
  readonly #path: string;
  readonly #label: string;
  readonly #lines: LiveLines;
  readonly #signal: AbortSignal;
  readonly #rotation: Rotation;
  readonly #wakes: FileWakes;
  #file: OpenFile | null = null;
  /** The last reported state; null: none yet. */
  #reported: "up" | "down" | null = null;
  /** When the file lost its name or last grew after that, monotonic ms; null: it has its name. */
  #strayMs: number | null = null;
  /** When the file turned out to be truncated, monotonic ms; null: it is not. */
  #cutMs: number | null = null;

  constructor(path: string, label: string, lines: LiveLines, signal: AbortSignal) {
    this.#path = path;
    this.#label = label;
    this.#lines = lines;
    this.#signal = signal;
    this.#rotation = new Rotation(path);
    this.#wakes = new FileWakes(path);
  }

  /** Resumes at a position, even if the file was renamed. */
  async resume(position: FilePosition): Promise<void> {
    this.#file = await this.#rotation.find(position);
    if (this.#file !== null) {
      this.#reportUp(`continuing ${this.#label}`);
      return;
    }
    const why = `neither ${this.#label} nor a rotated file has the lines read before`;
    this.#lines.lost(0, `${why}: reading from its beginning`);
  }

  /**
   * Reads a piece of the file, or waits until it may have grown.
   *
   * @throws {IotmonError} `ERR_NO_INPUT` if the path is not a file.
   * @throws {NodeJS.ErrnoException} If the file can't be opened at the start, or reading fails.
   */
  async step(): Promise<void> {
    const file = this.#file;
    if (file === null) return this.#openFirst();
    const bytes = await file.read();
    if (bytes === "truncated") return this.#startAgain(file);
    if (bytes === null) return this.#atEnd(file);
    if (this.#strayMs !== null) this.#strayMs = performance.now();
    const framed = file.framer.push(bytes);
    file.took(bytes, framed.lines.length === 0 ? 0 : bytes.length - file.framer.pendingBytes);
    await this.#lines.give(framed, () => file.position(this.#lines.count));
  }

  async close(): Promise<void> {
    this.#wakes.close();
    await this.#file?.close();
    this.#file = null;
  }

  async #openFirst(): Promise<void> {
    try {
      const stats = await stat(this.#path);
      if (!stats.isFile()) throw notAFile(this.#label, stats.isDirectory());
      this.#file = await OpenFile.atStart(this.#path);
      this.#reportUp(`reading ${this.#label}`);
    } catch (cause) {
      const isMissing = isSystemError(cause) && /^(ENOENT|ENOTDIR)$/.test(cause.code ?? "");
      if (this.#reported === null && !isMissing) throw cause;
      await this.#waitDown(cause);
    }
  }

  /** At the end of a file: waits for growth, or changes to the next file after a rotation. */
  async #atEnd(file: OpenFile): Promise<void> {
    if ((await inodeOf(this.#path)) === file.ino) {
      this.#strayMs = null;
      this.#reportUp(`${this.#label} is back`);
      return this.#wakes.next(this.#signal);
    }
    const next = await this.#rotation.after(file.ino);
    if (next === null) return this.#waitDown(null);
    this.#strayMs ??= performance.now();
    const isWritten = next === this.#path && performance.now() - this.#strayMs < QUIET_MS;
    if (isWritten) return this.#wakes.next(this.#signal);
    try {
      const shortened = next === this.#path ? await file.continueIn(next) : null;
      if (shortened !== null) return await this.#continue(file, shortened);
      const opened = await this.#rotation.openAfter(file);
      if (opened === null) return;
      if (await file.startsLike(opened)) {
        const why = `${this.#label} was replaced by a file that begins with the same lines`;
        this.#lines.lost(0, `${why}: reading them again`);
      }
      await this.#change(file, opened);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      await this.#waitDown(cause);
    }
  }

  async #change(from: OpenFile, to: OpenFile): Promise<void> {
    this.#file = to;
    this.#strayMs = null;
    try {
      this.#reportUp(`reading ${this.#label} again`);
      if (from.isCopy) return;
      const rest = from.framer.finish();
      from.tookAll();
      await this.#lines.give(rest, () => from.position(this.#lines.count));
    } finally {
      await from.close();
    }
  }

  /**
   * After a truncation: reads the rest from the copy, if there is one, or from a shortened version of the file. Waits
   * for a moment before that, because its writer may not have written it yet.
   */
  async #startAgain(file: OpenFile): Promise<void> {
    const copy = await this.#rotation.findCopy(file.bytePosition, file.framer);
    if (copy !== null) return this.#continue(file, copy);
    if (file.isRecognisable) {
      this.#cutMs ??= performance.now();
      if (performance.now() - this.#cutMs < QUIET_MS) return this.#wakes.next(this.#signal);
      const shortened = await file.continueIn(this.#path).catch(() => null);
      if (shortened !== null) return this.#continue(file, shortened);
    }
    await this.#continue(file, null);
    const isCut = file.framer.drop() > 0;
    const why = `${this.#label} was truncated, and no copy of it exists`;
    this.#lines.lost(
      isCut ? 1 : 0,
      `${why}: reading from its beginning, also lines that were read before`,
    );
  }

  /** Reads on in another file; the line under way continues there. */
  async #continue(from: OpenFile, to: OpenFile | null): Promise<void> {
    this.#file = to;
    this.#strayMs = null;
    this.#cutMs = null;
    await from.close();
  }

  async #waitDown(cause: unknown): Promise<void> {
    if (this.#reported !== "down") {
      this.#reported = "down";
      const isMissing = cause === null || (isSystemError(cause) && cause.code === "ENOENT");
      const why = isMissing ? "does not exist" : `can't be read (${String(cause)})`;
      this.#lines.down(`${this.#label} ${why}; waiting for it`);
    }
    await this.#wakes.next(this.#signal);
  }

  #reportUp(detail: string): void {
    if (this.#reported === "up") return;
    this.#reported = "up";
    this.#lines.up(detail);
  }
}

function notAFile(label: string, isFolder: boolean): IotmonError {
  const hint = isFolder
    ? `Name its files: "${label.replace(/\/+$/, "")}/*.log"`
    : `Pipe it in: iotmon watch - < ${label}`;
  const what = isFolder ? "this is a folder, not a file" : "this is not a file";
  return new IotmonError("ERR_NO_INPUT", what, { at: label, hint });
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && "syscall" in cause;
}
