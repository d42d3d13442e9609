import type { Severity } from "../../../core/alerts/severity.ts";

/** A message of the outbox, with the sinks that have not finished it. */
export interface StoredMessage {
  /** Number in the order of arrival. */
  readonly n: number;
  readonly id: string;
  readonly episode: string;
  readonly severity: Severity;
  readonly json: string;
  /** Bytes that count towards the limits. */
  readonly bytes: number;
  /** By sink name. */
  readonly deliveries: Map<string, Delivery>;
  /** The oldest record that still describes the message. */
  seq: number;
}

/** One message for one sink: pending, or a dead letter. */
export interface Delivery {
  readonly message: StoredMessage;
  readonly sink: string;
  /** Time of arrival or of the redrive, ms: the age counts from here. */
  since: number;
  /** Failed attempts since then. */
  attempts: number;
  /** Time of the next attempt, ms. */
  dueAt: number;
  /** Reason of the last failure; empty before the first one. */
  lastReason: string;
  /** Time and reason of the dead letter; null while pending. */
  dead: { readonly at: number; readonly reason: string } | null;
}
