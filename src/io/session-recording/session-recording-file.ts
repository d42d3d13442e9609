import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import { constants, createGzip, type Gzip, gzipSync } from "node:zlib";
import { outputError } from "../output-error.ts";

/** Unwritten bytes above which {@link SessionRecordingFile.room} waits, and above which the file ends. */
const MANY_BYTES = 1024 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;
/** Longest wait for a slow disk, ms. */
const PATIENCE_MS = 1000;
/** Time between two flushes, ms: a crash loses no more. */
const FLUSH_MS = 1000;

/** A new file, written in the background. When a write fails, the file ends and the session continues. */
export class SessionRecordingFile {
  readonly #ended: (why: string) => void;
  readonly #file: Writable;
  readonly #gzip: Gzip | null;
  readonly #timer: NodeJS.Timeout;
  #text = "";
  #failed = false;

  private constructor(file: Writable, label: string, ended: (why: string) => void) {
    this.#file = file;
    this.#ended = ended;
    this.#gzip = label.endsWith(".gz") ? createGzip() : null;
    this.#gzip?.pipe(file);
    file.on("error", (error) => this.#fail(outputError("the recording", label, error).message));
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS).unref();
  }

  /**
   * @param label The path as the user named it; a name that ends in `.gz` makes it compressed.
   * @param ended Called once, with the reason, when the file has to end.
   * @param head The first lines. If they can't be written, no file remains.
   * @throws {IotmonError} As `outputError`, also when the file exists.
   */
  static async create(
    path: string,
    label: string,
    ended: (why: string) => void,
    head = "",
  ): Promise<SessionRecordingFile> {
    try {
      await writeNew(path, label.endsWith(".gz") && head !== "" ? gzipSync(head) : head);
      const file = createWriteStream(path, { flags: "a" });
      await once(file, "open");
      return new SessionRecordingFile(file, label, ended);
    } catch (cause) {
      throw outputError("the recording", label, cause);
    }
  }

  /** Writes whole lines. */
  write(text: string): void {
    if (this.#failed) return;
    this.#text += text;
    if (this.#text.length > MANY_BYTES / 16) this.#push();
    if (this.#unwritten > MAX_BYTES) this.#fail("the disk is too slow");
  }

  /** Resolves when there is room for more, or after a second. */
  async room(): Promise<void> {
    if (this.#failed || this.#unwritten < MANY_BYTES) return;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await once(this.#stream, "drain", { signal }).catch(() => {});
  }

  /** Writes everything and closes the file. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#push();
    this.#stream.end();
    if (this.#failed) return;
    await once(this.#file, "close").catch(() => {});
  }

  get #stream(): Writable {
    return this.#gzip ?? this.#file;
  }

  get #unwritten(): number {
    return this.#stream.writableLength + (this.#gzip === null ? 0 : this.#file.writableLength);
  }

  #push(): void {
    if (this.#text === "" || this.#failed) return;
    this.#stream.write(this.#text);
    this.#text = "";
  }

  #flush(): void {
    this.#push();
    if (!this.#failed) this.#gzip?.flush(constants.Z_SYNC_FLUSH);
  }

  #fail(why: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#text = "";
    clearInterval(this.#timer);
    this.#file.destroy();
    this.#gzip?.destroy();
    this.#ended(why);
  }
}

async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
