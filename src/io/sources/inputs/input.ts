import type { Readable } from "node:stream";
import { IotmonError } from "../../../core/errors.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { isZip, openZip, ZIP_BYTES, type ZippedFile } from "./unzip.ts";
import { fromUtf16, UTF16_BYTES, utf16Of } from "./utf16.ts";

/** The first bytes of an input. */
export interface Head {
  readonly bytes: Uint8Array;
  /** Whether that is the whole input. */
  readonly complete: boolean;
}

/** The properties of an {@link Input}. */
export interface InputOptions {
  /** The name that the user gave; prefix of line numbers. */
  readonly label: string;
  /** Short name without folder and extension: the default key and pipeline name. */
  readonly stem: string;
  /** Stored size in bytes; null for a pipe. */
  readonly size: number | null;
  /** Path for random access; null: a pipe. */
  readonly path: string | null;
  /** Opens the stream; called once, at the first read. */
  readonly open: () => Readable;
}

const HEAD_BYTES = 262_144;
/** About a thousand readings. */
const FIRST_PIECE_BYTES = 65_536;
const HEAD_LINES = 32;
const HEAD_MAX_BYTES = 8_388_608;
const LF = 10;

/** A damaged place, where the usable bytes of an input end. */
export interface Damage {
  /** 1-based line of the unpacked text. */
  readonly line: number;
  /** What it is a part of. */
  readonly container: "gzip" | "zip";
  readonly error: IotmonError;
}

/**
 * The bytes of a file or of stdin, read once from start to end, on demand. Unpacks gzip, and a zip file with one file in
 * it; turns UTF-16 into UTF-8. A damaged file ends at the damage.
 *
 * Lifecycle: {@link Input.peek} at any time, then {@link Input.read} once. A caller that does not read to the end
 * calls {@link Input.close}; leaving the loop over `read` also closes it.
 */
export class Input {
  readonly label: string;
  readonly stem: string;
  readonly size: number | null;
  readonly path: string | null;
  readonly #open: () => Readable;
  #stream: Readable | null = null;
  #chunks: AsyncGenerator<Buffer> | null = null;
  #head: Head | null = null;
  #bytesRead = 0;
  #lines = 0;
  #container: Damage["container"] = "gzip";
  #damage: Damage | null = null;

  constructor({ label, stem, size, path, open }: InputOptions) {
    this.label = label;
    this.stem = stem;
    this.size = size;
    this.path = path;
    this.#open = open;
  }

  /** Bytes read from the file or pipe so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** The damage, once reading has reached it. */
  get damage(): Damage | null {
    return this.#damage;
  }

  /**
   * The start of the input: 256 kB, or up to 8 MiB if that has fewer than 32 lines. `read` returns it again.
   *
   * @throws {IotmonError} `ERR_IO` or `ERR_PERMISSION` if it can't be read.
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
   * All bytes, including the head.
   *
   * @throws {IotmonError} `ERR_IO` or `ERR_PERMISSION` if it can't be read.
   */
  async *read(): AsyncGenerator<Uint8Array> {
    try {
      const head = await this.peek();
      this.#head = null;
      yield* growing(head.bytes);
      if (head.complete) return;
      for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) yield chunk;
    } finally {
      this.close();
    }
  }

  /** Sets the share that was read, 0..1. For callers that read {@link Input.path} themselves. */
  readUpTo(share: number): void {
    this.#bytesRead = Math.round((this.size ?? 0) * share);
  }

  /** Releases the file. Further calls have no effect. */
  close(): void {
    this.#stream?.destroy();
    this.#chunks?.return(undefined).catch(() => {}); // the reader gets the error
  }

  async #next(): Promise<Buffer | null> {
    try {
      this.#chunks ??= this.#decoded();
      const { done, value } = await this.#chunks.next();
      return done === true ? null : value;
    } catch (cause) {
      if (!(cause instanceof IotmonError)) throw readError(this.label, cause);
      const { code, message, hint } = cause;
      const error = new IotmonError(code, message, { at: this.label, hint, cause });
      this.#damage = { line: this.#lines + 1, container: this.#container, error };
      return null;
    }
  }

  /** Its bytes, unpacked, in UTF-8. */
  async *#decoded(): AsyncGenerator<Buffer> {
    const unpacked = this.#unpacked();
    const first = await atLeast(UTF16_BYTES, unpacked);
    const encoding = utf16Of(first);
    const whole = rejoin(first, unpacked);
    yield* encoding === null ? whole : fromUtf16(whole, encoding);
  }

  async *#unpacked(): AsyncGenerator<Buffer> {
    const stored = this.#stored();
    const first = await atLeast(ZIP_BYTES, stored);
    const zipped = isZip(first) ? await this.#unzipped() : null;
    if (zipped !== null) await stored.return(undefined);
    const whole = rejoin(first, stored);
    const unpacked = zipped ?? (isGzip(first) ? gunzip(whole) : null);
    if (unpacked === null) {
      yield* whole;
      return;
    }
    for await (const chunk of unpacked) {
      this.#lines += countLines(chunk);
      yield chunk;
    }
  }

  /** The file in a zip file; null: the input is a document such as a spreadsheet, or a pipe, which has no index. */
  async #unzipped(): Promise<AsyncGenerator<Buffer> | null> {
    if (this.path === null) return null;
    this.#container = "zip";
    const file = await openZip(this.path);
    return file === null ? null : this.#counted(file);
  }

  async *#counted({ size, read }: ZippedFile): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of read()) {
      bytes += chunk.length;
      this.readUpTo(bytes / size);
      yield chunk;
    }
  }

  async *#stored(): AsyncGenerator<Buffer> {
    this.#stream = this.#open();
    for await (const chunk of this.#stream) {
      this.#bytesRead += chunk.length;
      yield chunk;
    }
  }
}

/** The next chunk, joined with further ones up to a length. */
async function atLeast(bytes: number, chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < bytes) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return start;
}

async function* rejoin(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
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

/** Cuts bytes into pieces of doubling size, so that work on the first starts early. */
function* growing(bytes: Uint8Array): Generator<Uint8Array> {
  let end = 0;
  for (let size = FIRST_PIECE_BYTES; end < bytes.length; size *= 2) {
    yield bytes.subarray(end, end + size);
    end += size;
  }
}
