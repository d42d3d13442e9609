/**
 * The interface of sinks: an attempt to deliver a message, and its outcome.
 *
 * @module
 */
import type { AlertBody } from "../messages/alert-schema.ts";

/** A message to deliver. */
export interface OutboundMessage {
  readonly body: AlertBody;
  /** `body` as JSON, identical in every attempt; sinks sign and send it. */
  readonly json: string;
}

/** The outcome of an attempt. */
export type Outcome =
  /** `detail`: the answer of the receiver in a few words: `answered 200 OK`. */
  | { readonly kind: "delivered"; readonly detail?: string }
  /** It may work later. `retryAfterMs`: minimum delay that the receiver requests. */
  | { readonly kind: "retry"; readonly reason: string; readonly retryAfterMs?: number }
  /** The receiver will never accept the message: it becomes a dead letter. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** The receiver wants no more messages: the sink is disabled. */
  | { readonly kind: "gone"; readonly reason: string };

/**
 * A target of messages. A sink has no queue and no timers, and never retries by itself. It does not throw: the
 * {@link Outcome} describes a failure in a short sentence without secrets and without a period.
 */
export interface Sink {
  /** Unique in the pipeline; names its queue and its dead letters. */
  readonly name: string;
  /**
   * Makes one attempt. Attempts of a sink may overlap, except those of one episode.
   *
   * @param signal Aborted if the attempt takes too long (`AbortSignal.timeout`) or the program stops. The attempt
   * then ends soon, as one to retry.
   */
  deliver(message: OutboundMessage, signal: AbortSignal): Promise<Outcome>;
  /** Releases handles and connections. The last call; further calls have no effect. */
  close(): Promise<void>;
}

/** The outcome of an aborted attempt. */
export function stopped(signal: AbortSignal): Outcome {
  const { name } = signal.reason as { readonly name?: string };
  return { kind: "retry", reason: name === "TimeoutError" ? "not done in time" : "stopped" };
}
