import type { Severity } from "../../../core/alerts/severity.ts";

/** A sink of a message, with the progress of the delivery. */
export interface Target {
  readonly sink: string;
  readonly since: number;
  readonly attempts: number;
  readonly dueAt: number;
  readonly lastReason: string;
  readonly dead: { readonly at: number; readonly reason: string } | null;
}

/** A finish: number in the order of finishing, sink, message id. */
export type Finished = readonly [n: number, sink: string, id: string];

/** A record of the delivery log. Times in ms since epoch. */
export type Entry =
  /** A message arrived, or is rewritten from an old segment. */
  | {
      readonly type: "message";
      readonly n: number;
      readonly id: string;
      readonly episode: string;
      readonly severity: Severity;
      readonly to: readonly Target[];
      readonly json: string;
    }
  | {
      readonly type: "failed";
      readonly id: string;
      readonly sink: string;
      readonly attempts: number;
      readonly dueAt: number;
      readonly reason: string;
    }
  | {
      readonly type: "dead";
      readonly id: string;
      readonly sink: string;
      readonly attempts: number;
      readonly at: number;
      readonly reason: string;
    }
  | { readonly type: "redriven"; readonly id: string; readonly sink: string; readonly at: number }
  /**
   * Sinks have finished messages: delivered, or dropped as dead letters. `dropped`: total number of dead letters
   * that the limit has dropped, by sink.
   */
  | {
      readonly type: "finished";
      readonly done: readonly Finished[];
      readonly dropped?: Readonly<Record<string, number>>;
    }
  /** A sink was switched off, with the reason, or on again: null. */
  | { readonly type: "sink"; readonly sink: string; readonly off: string | null }
  /** A message that a sink fails was sent to the others, at this time, or was resolved: null. */
  | { readonly type: "alerted"; readonly sink: string; readonly since: number | null };

/** Encodes an entry: a line of JSON; for a message, its own JSON follows. */
export function encodeEntry(entry: Entry): Uint8Array {
  if (entry.type !== "message") return Buffer.from(JSON.stringify(entry));
  const { json, ...head } = entry;
  return Buffer.from(`${JSON.stringify(head)}\n${json}`);
}

/** Decodes what {@link encodeEntry} wrote. */
export function decodeEntry(payload: Uint8Array): Entry {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  const end = text.indexOf("\n");
  if (end < 0) return JSON.parse(text) as Entry;
  return { ...JSON.parse(text.slice(0, end)), json: text.slice(end + 1) } as Entry;
}
