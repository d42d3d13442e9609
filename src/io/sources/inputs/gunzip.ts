import { createGunzip, type Gunzip } from "node:zlib";
import { IotmonError } from "../../../core/errors.ts";

/** Packed bytes that are unpacked at a time; a file made to explode gives 64 MiB from them. */
const PIECE_BYTES = 65_536;

/** Unpacked bytes in front of a damage that zlib may take with it: it gives only full buffers then. */
const LOST_BYTES = 16_384;

/** Whether these are the first bytes of a gzip file. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * Unpacks a gzip stream of one or several members. One piece is unpacked in the background while the one
 * before is in use.
 *
 * Pieces do not depend on how the chunks are cut, so neither does what is saved of a damaged file.
 *
 * @throws {IotmonError} `ERR_DATA` where the bytes are damaged or end too early, after what comes before it
 * was given, all but the last 16 kB.
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

/** Cuts chunks into pieces of the same size. */
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

/** zlib's unpacker, asked piece by piece: as a stream it would drop what it has when it fails. */
class Unpacker {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: LOST_BYTES });
  #given: Buffer[] = [];
  #over = false;
  /** Goes on with whoever waits: zlib forgets the callback of a write that fails or meets the end. */
  #resume: () => void = () => {};
  /** Why it stopped; null while all is well. */
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

  /** Does something, unless all is over, and gives what was unpacked until then. */
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
    hint: "Copy it again, or check it with gunzip -t; what comes before the damage is used",
    cause,
  });
}
