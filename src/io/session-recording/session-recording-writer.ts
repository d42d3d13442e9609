import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nextName } from "./next-name.ts";
import { SessionRecordingFile } from "./session-recording-file.ts";

/** Time between two looks whether there is room again, ms: at first, and at the most. */
const RETRY_MS = 5000;
const MOST_RETRY_MS = 600_000;
/** Room that a further file takes at least, bytes: with less it would soon end again. */
const ENOUGH_BYTES = 8 * 1024 * 1024;

/** How a further file begins. */
export interface FurtherBeginning {
  /**
   * Its first lines.
   *
   * @param gapMs Clock time at which the file before it ended, ms since epoch.
   */
  head(gapMs: number): string;
  /** What comes between these and the next entry. */
  state(): string;
}

/** Who is told when nothing is recorded any longer, and when something is again. */
export interface SessionRecordingListener {
  /** @param label The file that has ended. @param why A sentence without its period. */
  stopped(label: string, why: string, atMs: number): void;
  /** @param label The file in which it goes on. */
  resumed(label: string, atMs: number): void;
}

/**
 * What is recorded, in as many files as it takes: when one can't be written any longer it ends, and when there is
 * room again a further one begins, as after a restart.
 */
export class SessionRecordingWriter {
  readonly #path: string;
  readonly #named: string;
  readonly #clock: () => number;
  #label: string;
  #file: SessionRecordingFile | null = null;
  #beginning: FurtherBeginning | null = null;
  #listener: SessionRecordingListener | null = null;
  #gap: { readonly why: string; readonly atMs: number } | null = null;
  #retryMs = 0;
  #begunMs: number;
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, named: string, label: string, clock: () => number) {
    this.#path = path;
    this.#named = named;
    this.#label = label;
    this.#clock = clock;
    this.#begunMs = clock();
  }

  /**
   * @param path Where it begins; where recordings are already, the next free name.
   * @param named As the user named it; what ends in `.gz` is compressed.
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

  /** The file that is written, or the last one that was; as the user would name it. */
  get label(): string {
    return this.#label;
  }

  /** Further files begin so. Before this is known, there is none. */
  beginFurther(beginning: FurtherBeginning): void {
    this.#beginning = beginning;
  }

  /** From now on this one is told, at once of what has happened already. */
  tell(listener: SessionRecordingListener): void {
    this.#listener = listener;
    if (this.#gap !== null) listener.stopped(this.#label, this.#gap.why, this.#gap.atMs);
  }

  /** Takes whole lines. Lost while there is no file. */
  write(text: string): void {
    this.#file?.write(text);
  }

  /** Resolves when there is room for more, or it takes too long. */
  async room(): Promise<void> {
    await this.#file?.room();
  }

  /** Writes what waits, and ends it. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#opening;
    await this.#file?.close();
  }

  #stop(why: string): void {
    const atMs = this.#clock();
    this.#file = null;
    // where room comes and goes, many small files would help nobody
    const longer = atMs - this.#begunMs < MOST_RETRY_MS ? 2 * this.#retryMs : 0;
    this.#retryMs = Math.min(Math.max(RETRY_MS, longer), MOST_RETRY_MS);
    this.#gap = { why, atMs };
    this.#listener?.stopped(this.#label, why, atMs);
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#opening = this.#goOn().catch(() => this.#retryLater());
    }, this.#retryMs).unref();
  }

  /** @throws {Error} When there is no room yet. */
  async #goOn(): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.#path));
    const beginning = this.#beginning;
    if (this.#gap === null || beginning === null || bavail * bsize < ENOUGH_BYTES) {
      throw new RangeError("There is no room");
    }
    const path = await nextName(this.#path);
    const label = labelOf(path, this.#path, this.#named);
    const head = beginning.head(this.#gap.atMs);
    const file = await SessionRecordingFile.create(path, label, (why) => this.#stop(why), head);
    file.write(beginning.state());
    this.#file = file;
    this.#label = label;
    this.#gap = null;
    this.#begunMs = this.#clock();
    this.#listener?.resumed(label, this.#begunMs);
  }
}

function labelOf(path: string, first: string, named: string): string {
  return path === first ? named : join(dirname(named), basename(path));
}
