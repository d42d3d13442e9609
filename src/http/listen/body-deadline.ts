import type { IncomingMessage } from "node:http";

/** A stream of lines has no total time limit. */
const STREAM = /^application\/(?:x-)?ndjson(?:$|;)/i;

const controllers = new WeakMap<IncomingMessage, AbortController>();

/** A signal that aborts when the body of a request is late, instead of closing its connection. */
export function lateSignal(request: IncomingMessage): AbortSignal {
  const controller = new AbortController();
  controllers.set(request, controller);
  return controller.signal;
}

/** Aborts the {@link lateSignal} of a request with `reason`. @returns False if it has none. */
export function abortLate(request: IncomingMessage, reason: Error): boolean {
  const controller = controllers.get(request);
  controller?.abort(reason);
  return controller !== undefined;
}

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
