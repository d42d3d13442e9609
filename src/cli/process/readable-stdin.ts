import { fstatSync, type Stats } from "node:fs";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import { Readable } from "node:stream";

const STDIN = 0;
/** Maximum number of bytes that libuv reads at once. */
const CHUNK_BYTES = 65_536;

/** Standard input. Reads nothing before its first consumer. */
export function readableStdin(): Readable {
  const stats = stdinStats();
  if (stats?.isDirectory() === true) return folder();
  return stats?.isFIFO() === true || stats?.isSocket() === true ? new PipedStdin() : process.stdin;
}

function stdinStats(): Stats | null {
  try {
    return fstatSync(STDIN);
  } catch {
    return null; // stdin is closed
  }
}

/** Fails when it is read. Node would treat a folder as empty input. */
function folder(): Readable {
  const failure = Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  return new Readable({
    read() {
      this.destroy(failure);
    },
  });
}

/**
 * A pipe, read through one buffer. Node's own stream allocates 64 kB for each read, and a line uses little of
 * it. The fragmented heap would let resident memory grow for hours.
 */
class PipedStdin extends Readable {
  #socket: Socket | null = null;
  #ended = false;

  override _read(): void {
    this.#socket ??= this.#open();
    this.#socket.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket?.destroy();
    done(error);
  }

  /** Ignores chunks after the end, whether the pipe ended or Ctrl-C ended the input. */
  override push(chunk: Buffer | null): boolean {
    if (this.#ended) return false;
    this.#ended = chunk === null;
    return super.push(chunk);
  }

  #open(): Socket {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const callback = (bytes: number): boolean => this.push(Buffer.from(buffer.subarray(0, bytes)));
    const options: SocketConstructorOpts & ConnectOpts = {
      ...{ fd: STDIN, readable: true, writable: false },
      onread: { buffer, callback },
    };
    return new Socket(options)
      .on("end", () => this.push(null))
      .on("error", (error) => this.destroy(error));
  }
}
