import type { Severity } from "../../../core/alerts/severity.ts";

/** A message as the outbox keeps it, for all the sinks that have not finished with it. */
export interface StoredMessage {
  /** Messages are numbered in the order in which they came. */
  readonly n: number;
  readonly id: string;
  readonly episode: string;
  readonly severity: Severity;
  readonly json: string;
  /** What it counts against caps. */
  readonly bytes: number;
  /** By name of the sink. */
  readonly deliveries: Map<string, Delivery>;
  /** The oldest record that is needed to know all this. */
  seq: number;
}

/** One message on its way to one sink; pending, or a dead letter. */
export interface Delivery {
  readonly message: StoredMessage;
  readonly sink: string;
  /** When it came or was redriven, ms: its age counts from here. */
  since: number;
  /** Attempts that failed since then. */
  attempts: number;
  /** When the next attempt is due, ms. */
  dueAt: number;
  /** Why the last attempt failed; empty before the first. */
  lastReason: string;
  /** Since when and why it is a dead letter; null while it is pending. */
  dead: { readonly at: number; readonly reason: string } | null;
}
