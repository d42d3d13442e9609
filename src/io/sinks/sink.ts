/**
 * What every sink offers delivery: one attempt at one message, and what became of it.
 *
 * @module
 */
import type { AlertBody } from "../messages/alert-schema.ts";

/** A message on its way out. */
export interface OutboundMessage {
  readonly body: AlertBody;
  /** `body` as JSON, the same characters in every attempt: what is signed and sent. */
  readonly json: string;
}

/** What became of one attempt. */
export type Outcome =
  /** `detail`: what the receiver said, in a few words: `answered 200 OK`. */
  | { readonly kind: "delivered"; readonly detail?: string }
  /** It may work later. `retryAfterMs`: the receiver asked for at least this much patience. */
  | { readonly kind: "retry"; readonly reason: string; readonly retryAfterMs?: number }
  /** This message will never be taken: it goes to the dead letters. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** The receiver wants no more messages: the sink is switched off. */
  | { readonly kind: "gone"; readonly reason: string };

/**
 * Somewhere messages go. A sink keeps no queue, has no timers of its own and never retries by itself; it
 * does not throw, whatever a receiver or a disk does wrong, but says so in the {@link Outcome}: in a
 * short sentence for people, without secrets and without a period.
 */
export interface Sink {
  /** Unique in the pipeline; names its queue and its dead letters. */
  readonly name: string;
  /**
   * Makes one attempt. Attempts of one sink may overlap, but never those of one episode.
   *
   * @param signal Aborted when the attempt has taken too long (`AbortSignal.timeout`), or the program is
   * to stop. The attempt then ends soon, as one to retry.
   */
  deliver(message: OutboundMessage, signal: AbortSignal): Promise<Outcome>;
  /** Releases handles and connections; the last call, and harmless when made again. */
  close(): Promise<void>;
}

/** Outcome of an attempt that was aborted before its end. */
export function stopped(signal: AbortSignal): Outcome {
  const { name } = signal.reason as { readonly name?: string };
  return { kind: "retry", reason: name === "TimeoutError" ? "not done in time" : "stopped" };
}
