import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nextName } from "./next-name.ts";
import { SessionRecordingFile } from "./session-recording-file.ts";

/** First and longest time between two attempts to start another file, ms. */
const RETRY_MS = 5000;
const MAX_RETRY_MS = 600_000;
/** Minimum free space for another file, bytes: with less it would soon end again. */
const ENOUGH_BYTES = 8 * 1024 * 1024;

/** The start of another file. */
export interface FileStart {
  /**
   * The first lines.
   *
   * @param gapMs Clock time at which the previous file ended, ms since epoch.
   */
  head(gapMs: number): string;
  /** The lines between these and the next entry. */
  state(): string;
}

/** Learns when recording stops and when it continues. */
export interface SessionRecordingListener {
  /** @param label The file that ended. @param why A sentence without its period. */
  stopped(label: string, why: string, atMs: number): void;
  /** @param label The new file. */
  resumed(label: string, atMs: number): void;
}

/**
 * Writes a session recording. When its file can't be written any longer, the file ends; when there is room
 * again, another file starts, as after a restart.
 */
export class SessionRecordingWriter {
  readonly #path: string;
  readonly #named: string;
  readonly #clock: () => number;
  #label: string;
  #file: SessionRecordingFile | null = null;
  #start: FileStart | null = null;
  #listener: SessionRecordingListener | null = null;
  #gap: { readonly why: string; readonly atMs: number } | null = null;
  #retryMs = 0;
  #startedMs: number;
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, named: string, label: string, clock: () => number) {
    this.#path = path;
    this.#named = named;
    this.#label = label;
    this.#clock = clock;
    this.#startedMs = clock();
  }

  /**
   * @param path Path of the first file. If a recording is there, the next free name is used.
   * @param named The path as the user named it; a name that ends in `.gz` makes it compressed.
   * @param clock Clock time, ms since epoch.
   * @throws {IotmonError} As `RecordingFile.create`.
   */
  static async create(
    path: string,
    named: string,
    clock: () => number,
  ): Promise<SessionRecordingWriter> {
    const first = await nextName(path);
    const files = new SessionRecordingWriter(path, named, labelOf(first, path, named), clock);
    files.#file = await SessionRecordingFile.create(first, files.#label, (why) => files.#stop(why));
    return files;
  }

  /** The current file, or the last one, as the user would name it. */
  get label(): string {
    return this.#label;
  }

  /** Sets how another file starts. Without it, no other file starts. */
  continueWith(start: FileStart): void {
    this.#start = start;
  }

  /** Reports to this listener from now on; a stop that has happened already is reported at once. */
  reportTo(listener: SessionRecordingListener): void {
    this.#listener = listener;
    if (this.#gap !== null) listener.stopped(this.#label, this.#gap.why, this.#gap.atMs);
  }

  /** Writes whole lines. They are lost while there is no file. */
  write(text: string): void {
    this.#file?.write(text);
  }

  /** Resolves when there is room for more, or after a second. */
  async room(): Promise<void> {
    await this.#file?.room();
  }

  /** Writes everything and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#opening;
    await this.#file?.close();
  }

  #stop(why: string): void {
    const atMs = this.#clock();
    this.#file = null;
    // wait longer after a short file: many small files are of no use
    const longer = atMs - this.#startedMs < MAX_RETRY_MS ? 2 * this.#retryMs : 0;
    this.#retryMs = Math.min(Math.max(RETRY_MS, longer), MAX_RETRY_MS);
    this.#gap = { why, atMs };
    this.#listener?.stopped(this.#label, why, atMs);
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#opening = this.#openNext().catch(() => this.#scheduleRetry());
    }, this.#retryMs).unref();
  }

  /** @throws {Error} When there is too little room. */
  async #openNext(): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.#path));
    const start = this.#start;
    if (this.#gap === null || start === null || bavail * bsize < ENOUGH_BYTES) {
      throw new RangeError("There is no room");
    }
    const path = await nextName(this.#path);
    const label = labelOf(path, this.#path, this.#named);
    const head = start.head(this.#gap.atMs);
    const file = await SessionRecordingFile.create(path, label, (why) => this.#stop(why), head);
    file.write(start.state());
    this.#file = file;
    this.#label = label;
    this.#gap = null;
    this.#startedMs = this.#clock();
    this.#listener?.resumed(label, this.#startedMs);
  }
}

function labelOf(path: string, first: string, named: string): string {
  return path === first ? named : join(dirname(named), basename(path));
}
