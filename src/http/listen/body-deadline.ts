import type { IncomingMessage } from "node:http";

/** A stream of lines has no total time limit. */
const STREAM = /^application\/(?:x-)?ndjson(?:$|;)/i;

/**
 * Limits the time in which a body arrives: the whole body within `ms`, or some bytes of a stream every `ms`.
 *
 * @param onLate Called at most once, when the limit passes.
 */
export function limitBodyTime(request: IncomingMessage, ms: number, onLate: () => void): void {
  const { socket } = request;
  const isStream = STREAM.test(request.headers["content-type"] ?? "");
  let bytes = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete) clearInterval(timer);
    else if (isStream && socket.bytesRead > bytes) bytes = socket.bytesRead;
    else {
      clearInterval(timer);
      onLate();
    }
  }, ms);
  timer.unref();
  request.once("close", () => clearInterval(timer));
}
