import type { Readable } from "node:stream";
import { IotmonError } from "../../core/errors.ts";

/** The first bytes of an input. */
export interface Head {
  readonly bytes: Uint8Array;
  /** Whether that is the whole input. */
  readonly complete: boolean;
}

/** What an {@link Input} is made from. */
export interface InputOptions {
  /** As the user named it; stands in front of line numbers. */
  readonly label: string;
  /** Short name without folder and ending: the default key and pipeline name. */
  readonly stem: string;
  /** Bytes in all; null when unknown, as of a pipe. */
  readonly size: number | null;
  /** Opens the bytes; called once, when they are first needed. */
  readonly open: () => Readable;
}

const HEAD_BYTES = 262_144;
const HEAD_LINES = 32;
const HEAD_MAX_BYTES = 8_388_608;
const LF = 10;

/**
 * Bytes of one file or of stdin, read once from start to end and only as fast as they are asked for.
 *
 * Lifecycle: {@link Input.peek} any time, then {@link Input.read} once. Whoever does not read to the end
 * calls {@link Input.close}; leaving the loop over `read` does it too.
 */
export class Input {
  readonly label: string;
  readonly stem: string;
  readonly size: number | null;
  readonly #open: () => Readable;
  #stream: Readable | null = null;
  #chunks: AsyncIterator<Buffer> | null = null;
  #head: Head | null = null;
  #bytesRead = 0;

  constructor({ label, stem, size, open }: InputOptions) {
    this.label = label;
    this.stem = stem;
    this.size = size;
    this.#open = open;
  }

  /** Bytes handed out by {@link Input.read} so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * The start of the input: 256 kB, more (at most 8 MiB) if that is not 32 lines. It will be read again.
   *
   * @throws {IotmonError} `ERR_IO` or `ERR_PERMISSION` when it can't be read.
   */
  async peek(): Promise<Head> {
    if (this.#head !== null) return this.#head;
    const chunks: Buffer[] = [];
    let bytes = 0;
    let lines = 0;
    let complete = false;
    while (!(bytes >= HEAD_BYTES && lines >= HEAD_LINES) && bytes < HEAD_MAX_BYTES) {
      const chunk = await this.#next();
      if (chunk === null) {
        complete = true;
        break;
      }
      chunks.push(chunk);
      bytes += chunk.length;
      lines += countLines(chunk);
    }
    this.#head = {
      bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
      complete,
    };
    return this.#head;
  }

  /**
   * All bytes, those of the head included.
   *
   * @throws {IotmonError} `ERR_IO` or `ERR_PERMISSION` when it can't be read.
   */
  async *read(): AsyncGenerator<Uint8Array> {
    try {
      const head = await this.peek();
      this.#head = null;
      this.#bytesRead += head.bytes.length;
      yield head.bytes;
      if (head.complete) return;
      for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) {
        this.#bytesRead += chunk.length;
        yield chunk;
      }
    } finally {
      this.close();
    }
  }

  /** Releases the file. Calling it again, or before anything was read, does nothing. */
  close(): void {
    this.#stream?.destroy();
  }

  async #next(): Promise<Buffer | null> {
    try {
      this.#stream ??= this.#open();
      this.#chunks ??= this.#stream[Symbol.asyncIterator]();
      const { done, value } = await this.#chunks.next();
      return done === true ? null : value;
    } catch (cause) {
      throw readError(this.label, cause);
    }
  }
}

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

function readError(label: string, cause: unknown): IotmonError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") {
    const hint = "Ask its owner for permission to read it";
    return new IotmonError("ERR_PERMISSION", "no permission to read the input", {
      at: label,
      hint,
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new IotmonError("ERR_IO", `reading failed: ${why}`, { at: label, cause });
}
