import { createGunzip, type Gunzip } from "node:zlib";
import { IotmonError } from "../../../core/errors.ts";

/** Compressed bytes per step; a decompression bomb makes 64 MiB of them. */
const PIECE_BYTES = 65_536;

/** Unpacked bytes that zlib may lose before a damaged place: it then returns only full buffers. */
const LOST_BYTES = 16_384;

/** Whether these are the first bytes of a gzip file. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * Unpacks a gzip stream of one or several members. It unpacks a piece in the background while the caller uses the
 * previous one.
 *
 * The result does not depend on the size of the chunks, not even for a damaged file.
 *
 * @throws {IotmonError} `ERR_DATA` at a damaged place or early end, after yielding the bytes before it except the
 * last 16 kB.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const unpacker = new Unpacker();
  let unpacking: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
  try {
    for await (const piece of pieces(chunks)) {
      const unpacked = await unpacking;
      if (unpacker.failure !== null) break;
      unpacking = unpacker.write(piece);
      if (unpacked.length > 0) yield unpacked;
    }
    const last = Buffer.concat([await unpacking, await unpacker.end()]);
    if (last.length > 0) yield last;
    if (unpacker.failure !== null) throw unpacker.failure;
  } finally {
    unpacker.close();
  }
}

/** Cuts chunks into pieces of equal size. */
async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (; at + PIECE_BYTES <= data.length; at += PIECE_BYTES) {
      yield data.subarray(at, at + PIECE_BYTES);
    }
    held = Buffer.from(data.subarray(at));
  }
  if (held.length > 0) yield held;
}

/** zlib's decompressor, called piece by piece: as a stream it would drop output when it fails. */
class Unpacker {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: LOST_BYTES });
  #given: Buffer[] = [];
  #over = false;
  /** Resumes the waiting caller, because zlib never calls back for a write that fails or reaches the end. */
  #resume: () => void = () => {};
  /** Why it stopped; null: no error. */
  failure: IotmonError | null = null;

  constructor() {
    const stop = (): void => {
      this.#over = true;
      this.#resume();
    };
    this.#gunzip
      .on("data", (bytes: Buffer) => this.#given.push(bytes))
      .on("error", (cause) => {
        this.failure = damage(cause);
      })
      .on("end", stop)
      .on("close", stop);
  }

  async write(piece: Uint8Array): Promise<Buffer> {
    return this.#wait((resume) => this.#gunzip.write(piece, resume));
  }

  async end(): Promise<Buffer> {
    return this.#wait(() => this.#gunzip.end());
  }

  close(): void {
    this.#gunzip.destroy();
  }

  /** Runs a call unless the stream has ended, and returns the output so far. */
  async #wait(act: (resume: () => void) => void): Promise<Buffer> {
    if (!this.#over) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        act(resolve);
      });
    }
    const given = this.#given;
    this.#given = [];
    return given.length === 1 ? (given[0] as Buffer) : Buffer.concat(given);
  }
}

function damage(cause: Error): IotmonError {
  const early = "code" in cause && cause.code === "Z_BUF_ERROR";
  const why = early ? "it ends too early" : cause.message;
  return new IotmonError("ERR_DATA", `the gzip file is damaged: ${why}`, {
    hint: "Copy it again, or check it with gunzip -t; iotmon uses the data before the damage",
    cause,
  });
}
