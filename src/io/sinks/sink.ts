/**
 * What every sink offers delivery: one attempt at one message, and what became of it.
 *
 * @module
 */
import type { AlertBody } from "../messages/alert-body.ts";

/** A message on its way out. */
export interface OutboundMessage {
  readonly body: AlertBody;
  /** `body` as JSON, the same characters in every attempt: what is signed and sent. */
  readonly json: string;
}

/** What became of one attempt. */
export type Outcome =
  | { readonly kind: "delivered" }
  /** It may work later. `retryAfterMs`: the receiver asked for at least this much patience. */
  | { readonly kind: "retry"; readonly reason: string; readonly retryAfterMs?: number }
  /** This message will never be taken: it goes to the dead letters. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** The receiver wants no more messages: the sink is switched off. */
  | { readonly kind: "gone"; readonly reason: string };

/**
 * Somewhere messages go. A sink keeps no queue and never retries by itself; it does not throw for what
 * a receiver or a disk does wrong, but says so in the {@link Outcome}, without secrets.
 */
export interface Sink {
  /** Unique in the pipeline; names its queue and its dead letters. */
  readonly name: string;
  /**
   * Makes one attempt. Attempts of one sink may overlap, but never those of one episode.
   *
   * @param signal Aborted when the attempt has taken too long, or the program is to stop.
   */
  deliver(message: OutboundMessage, signal: AbortSignal): Promise<Outcome>;
  /** Releases handles and connections; the last call. */
  close(): Promise<void>;
}
