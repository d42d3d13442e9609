import { ask, ProblemReply, TokenNeeded } from "./api.ts";
import { EventReader, type ServerEvent } from "./read-events.ts";

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8000;
/** Wait before a new request for a stream that the server does not have. */
const ABSENT_WAIT_MS = 30_000;

/** Receives the events of a stream. */
export interface StreamListener {
  event(event: ServerEvent): void;
  /** Called when the stream opens or closes. */
  open(isOpen: boolean): void;
  tokenNeeded(error: TokenNeeded): void;
}

/**
 * Follows server-sent events and reconnects after every loss, from the last event. An `EventSource` cannot send
 * a token.
 *
 * @param signal Ends the stream.
 */
export async function followEvents(
  path: string,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  // the first event that the server still holds
  const position = { last: "0" };
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      await readStream(path, position, listener, signal);
      wait = FIRST_WAIT_MS;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TokenNeeded) return listener.tokenNeeded(error);
      wait = error instanceof ProblemReply ? ABSENT_WAIT_MS : Math.min(wait * 2, MAX_WAIT_MS);
    }
    listener.open(false);
    await pause(wait * (0.75 + Math.random() / 2), signal);
  }
}

async function readStream(
  path: string,
  position: { last: string },
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  const headers = { accept: "text/event-stream", "last-event-id": position.last };
  const { body } = await ask(path, signal, headers);
  if (body === null) return;
  listener.open(true);
  const events = new EventReader();
  const chunks = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await chunks.read(); !next.done; next = await chunks.read()) {
    for (const event of events.read(next.value)) {
      if (event.id !== "") position.last = event.id;
      listener.event(event);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
