import { stat } from "node:fs/promises";
import { IotmonError } from "../../../core/errors.ts";
import type { LiveLines } from "../live/live-lines.ts";
import { FileWakes } from "./file-wakes.ts";
import { type FilePosition, inodeOf, OpenFile } from "./open-file.ts";
import { Rotation } from "./rotation.ts";

/** How long a file that was rotated away must have been quiet, ms: its writer may not know of it yet. */
const QUIET_MS = 1000;

/** One run of a `FollowSource`: which file is read, and which one next. */
export class Follower {
  readonly #path: string;
  readonly #label: string;
  readonly #lines: LiveLines;
  readonly #signal: AbortSignal;
  readonly #rotation: Rotation;
  readonly #wakes: FileWakes;
  #file: OpenFile | null = null;
  /** What was told last; null: nothing yet. */
  #told: "up" | "down" | null = null;
  /** Since when the file is no longer that of its name, or when it grew after that, monotonic ms; null: it is. */
  #strayMs: number | null = null;

  constructor(path: string, label: string, lines: LiveLines, signal: AbortSignal) {
    this.#path = path;
    this.#label = label;
    this.#lines = lines;
    this.#signal = signal;
    this.#rotation = new Rotation(path);
    this.#wakes = new FileWakes(path);
  }

  /** Goes on at a position, wherever that file is now. */
  async resume(position: FilePosition): Promise<void> {
    this.#file = await this.#rotation.find(position);
    if (this.#file !== null) {
      this.#tellUp(`going on in ${this.#label}`);
      return;
    }
    const why = `what was read of ${this.#label} is no longer there, nor in a rotated file`;
    this.#lines.lost(0, `${why}: it is read from its beginning`);
  }

  /**
   * Reads a piece of what there is, or waits until there may be more.
   *
   * @throws {IotmonError} `ERR_NO_INPUT` when it is no file.
   * @throws {NodeJS.ErrnoException} When it can't be opened at the beginning, or reading fails.
   */
  async step(): Promise<void> {
    const file = this.#file;
    if (file === null) return this.#openFirst();
    const bytes = await file.read();
    if (bytes === "truncated") return this.#startAgain(file);
    if (bytes === null) return this.#goOn(file);
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
      this.#tellUp(`reading ${this.#label}`);
    } catch (cause) {
      const isMissing = isSystemError(cause) && /^(ENOENT|ENOTDIR)$/.test(cause.code ?? "");
      if (this.#told === null && !isMissing) throw cause;
      await this.#waitDown(cause);
    }
  }

  /** At the end of a file: waits for more, or takes the next one when this one was rotated away. */
  async #goOn(file: OpenFile): Promise<void> {
    if ((await inodeOf(this.#path)) === file.ino) {
      this.#strayMs = null;
      this.#tellUp(`${this.#label} is back`);
      return this.#wakes.next(this.#signal);
    }
    const next = await this.#rotation.after(file.ino);
    if (next === null) return this.#waitDown(null);
    this.#strayMs ??= performance.now();
    const isWritten = next === this.#path && performance.now() - this.#strayMs < QUIET_MS;
    if (isWritten) return this.#wakes.next(this.#signal);
    try {
      const opened = await this.#rotation.openAfter(file);
      if (opened !== null) await this.#change(file, opened);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      await this.#waitDown(cause);
    }
  }

  async #change(from: OpenFile, to: OpenFile): Promise<void> {
    this.#file = to;
    this.#strayMs = null;
    try {
      this.#tellUp(`reading ${this.#label} again`);
      if (from.isCopy) return;
      const rest = from.framer.finish();
      from.tookAll();
      await this.#lines.give(rest, () => from.position(this.#lines.count));
    } finally {
      await from.close();
    }
  }

  /** After a file was cut off: what was not read of it is in its copy, if one was made. */
  async #startAgain(file: OpenFile): Promise<void> {
    this.#file = await this.#rotation.findCopy(file.bytePosition, file.framer);
    this.#strayMs = null;
    await file.close();
    if (this.#file !== null) return;
    const isCut = file.framer.drop() > 0;
    const why = `${this.#label} was cut off, and there is no copy of what was read`;
    this.#lines.lost(isCut ? 1 : 0, `${why}: it is read from its beginning`);
  }

  async #waitDown(cause: unknown): Promise<void> {
    if (this.#told !== "down") {
      this.#told = "down";
      const isMissing = cause === null || (isSystemError(cause) && cause.code === "ENOENT");
      const why = isMissing ? "is not there" : `can't be read (${String(cause)})`;
      this.#lines.down(`${this.#label} ${why}; it is waited for`);
    }
    await this.#wakes.next(this.#signal);
  }

  #tellUp(detail: string): void {
    if (this.#told === "up") return;
    this.#told = "up";
    this.#lines.up(detail);
  }
}

function notAFile(label: string, isFolder: boolean): IotmonError {
  const hint = isFolder
    ? `Name its files: "${label.replace(/\/+$/, "")}/*.log"`
    : `Pipe its bytes in: iotmon watch - < ${label}`;
  const what = isFolder ? "this is a folder, and no file" : "this is no file";
  return new IotmonError("ERR_NO_INPUT", what, { at: label, hint });
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && "syscall" in cause;
}
