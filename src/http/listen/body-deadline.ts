import type { IncomingMessage } from "node:http";

/** Streams of lines may last as long as bytes flow. */
const STREAM = /^application\/(?:x-)?ndjson(?:$|;)/i;

/**
 * Watches that the body of a request arrives in time: all of it, or with lines some of it in each such time.
 *
 * @param late Called at most once, when it does not.
 */
export function limitBodyTime(request: IncomingMessage, ms: number, late: () => void): void {
  const { socket } = request;
  const isStream = STREAM.test(request.headers["content-type"] ?? "");
  let bytes = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete) clearInterval(timer);
    else if (isStream && socket.bytesRead > bytes) bytes = socket.bytesRead;
    else {
      clearInterval(timer);
      late();
    }
  }, ms);
  timer.unref();
  request.once("close", () => clearInterval(timer));
}
