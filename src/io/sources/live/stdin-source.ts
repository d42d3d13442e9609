import { addAbortSignal, type Readable } from "node:stream";
import { IotmonError } from "../../../core/errors.ts";
import { LineFramer } from "../../framing/line-framer.ts";
import { isGzip } from "../inputs/gunzip.ts";
import { LiveLines } from "./live-lines.ts";
import type { LiveListener, LiveSource, SourcePosition } from "./live-source.ts";

/** Standard input as a {@link LiveSource}, read as fast as the listener takes its lines. It has no positions. */
export class StdinSource implements LiveSource {
  readonly label = "stdin";
  readonly stem = "stdin";
  readonly isDevice = false;
  readonly path = null;
  readonly #stdin: Readable;

  constructor(stdin: Readable) {
    this.#stdin = stdin;
  }

  /** @throws {IotmonError} `ERR_IO` if reading fails; `ERR_DATA` if it is compressed. */
  async run(
    listener: LiveListener,
    _from: SourcePosition | null,
    signal: AbortSignal,
  ): Promise<void> {
    const lines = new LiveLines(listener);
    const framer = new LineFramer({ atStart: true });
    const nowhere = (): null => null;
    addAbortSignal(signal, this.#stdin);
    lines.up("reading stdin");
    try {
      let isFirst = true;
      for await (const chunk of this.#stdin) {
        if (isFirst && isGzip(chunk)) throw compressed(this.label);
        isFirst = false;
        await lines.give(framer.push(chunk), nowhere);
      }
    } catch (cause) {
      if (!signal.aborted) throw this.#failure(cause);
    }
    if (!signal.aborted) await lines.give(framer.finish(), nowhere);
    else if (framer.drop() > 0) lines.lost(1, "stopped in the middle of a line; dropped the line");
  }

  /** Passes errors of the listener on, and describes errors of the stream. */
  #failure(cause: unknown): unknown {
    if (this.#stdin.errored !== cause) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new IotmonError("ERR_IO", `reading failed: ${why}`, { at: this.label, cause });
  }
}

/** Live input is never unpacked: a line would wait until its block is full. */
function compressed(label: string): IotmonError {
  return new IotmonError("ERR_DATA", "the input is compressed with gzip", {
    at: label,
    hint: "Unpack it first: zcat FILE | iotmon watch -; or iotmon replay FILE, which unpacks it",
  });
}
