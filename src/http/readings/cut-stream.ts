import type { ServerResponse } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { LIMITS } from "../limits.ts";

/**
 * The pieces of a body, until one of the signals aborts; then it fails with the reason of the signal. The connection
 * stays open until the client had time to read the end of the reply.
 */
export function cutStream(
  body: Readable,
  response: ServerResponse,
  signals: readonly AbortSignal[],
): Readable {
  const { socket } = response;
  const pieces = new PassThrough();
  body.on("error", (error) => pieces.destroy(error));
  for (const signal of signals) {
    const cut = (): void => {
      body.unpipe(pieces);
      pieces.destroy(signal.reason);
      response.once("finish", () => {
        socket?.end();
        setTimeout(() => socket?.destroy(), LIMITS.graceMs).unref();
      });
    };
    if (signal.aborted) cut();
    else signal.addEventListener("abort", cut);
    pieces.once("close", () => signal.removeEventListener("abort", cut));
  }
  return body.pipe(pieces);
}
