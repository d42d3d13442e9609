import type { SegmentLog } from "../../../state/segment-log.ts";
import type { OutboundMessage } from "../../sinks/sink.ts";
import type { Delivery, StoredMessage } from "./delivery.ts";
import { DeliveryState } from "./delivery-state.ts";
import { decodeEntry, type Entry, encodeEntry, type Target } from "./entry.ts";

/** Name of the log in the state directory. */
export const OUTBOX_LOG = "outbox";

/** Bytes of a segment: small ones are dropped sooner. */
export const OUTBOX_SEGMENT_BYTES = 1024 * 1024;

/** Default number of finished messages to remember, over all sinks. */
export const REMEMBERED = 100_000;

/** Most bytes of unwritten records while the disk refuses. Above, they are dropped and written anew later. */
const MOST_UNWRITTEN = 8 * 1024 * 1024;

/** Most ids of one record. */
const IDS_A_RECORD = 1000;

/**
 * The delivery log: the durable state of the outbox. Every change is an appended record, durable after
 * {@link sync}. To drop an old segment, the log first appends again the facts that only the segment holds.
 */
export class DeliveryLog {
  readonly state: DeliveryState;
  readonly #log: SegmentLog;
  #compacting: Promise<void> | null = null;
  /** Bytes of records that may not be in files yet. */
  #unwritten = 0;
  /** Sequence number of the first dropped record; null: none is dropped. */
  #lostFrom: number | null = null;

  private constructor(log: SegmentLog, state: DeliveryState) {
    this.#log = log;
    this.state = state;
  }

  /** Reads a delivery log to its end. */
  static async open(log: SegmentLog, remember = REMEMBERED): Promise<DeliveryLog> {
    return new DeliveryLog(log, await readDeliveryLog(log.read(), remember));
  }

  /** Bytes of the log. */
  get bytes(): number {
    return this.#log.bytes;
  }

  /** Whether all records of a message are on disk. */
  isDurable({ seq }: StoredMessage): boolean {
    return seq <= this.#log.syncedSeq;
  }

  /** Adds a message for sinks that have not seen it. */
  add({ body, json }: OutboundMessage, sinks: readonly string[], now: number): Delivery[] {
    const { id, episode, severity } = body;
    const fresh = { since: now, attempts: 0, dueAt: now, lastReason: "", dead: null };
    const n = this.state.nextNumber;
    const to = sinks.map((sink): Target => ({ sink, ...fresh }));
    this.#append({ type: "message", n, id, episode, severity, to, json });
    const message = this.state.messages.get(id);
    return sinks.flatMap((sink) => message?.deliveries.get(sink) ?? []);
  }

  /** Records a failed attempt, and when the next one is due. */
  failed(delivery: Delivery, dueAt: number, reason: string): void {
    const attempts = delivery.attempts + 1;
    this.#append({ type: "failed", ...named(delivery), attempts, dueAt, reason });
  }

  /** Makes a pending message a dead letter. */
  deadLetter(delivery: Delivery, reason: string, at: number, attempts = delivery.attempts): void {
    this.#append({ type: "dead", ...named(delivery), attempts, at, reason });
  }

  /** Makes a dead letter pending again, with the same id and a new age. Switches its sink on. */
  redrive(delivery: Delivery, at: number): void {
    this.#append({ type: "redriven", ...named(delivery), at });
    if (this.state.off.has(delivery.sink)) this.switchSink(delivery.sink, null);
  }

  /** Removes a delivered message or a purged dead letter. Its id is remembered. */
  finish(delivery: Delivery): void {
    const { id, sink } = named(delivery);
    this.#append({ type: "finished", done: [[this.state.nextNumber, sink, id]] });
  }

  /** Removes a dead letter that exceeds the limit, and counts it. Its id is remembered. */
  drop(delivery: Delivery): void {
    const { id, sink } = named(delivery);
    const dropped = { [sink]: (this.state.dropped.get(sink) ?? 0) + 1 };
    this.#append({ type: "finished", done: [[this.state.nextNumber, sink, id]], dropped });
  }

  /** @param off Why the sink is switched off; null: it is on. */
  switchSink(sink: string, off: string | null): void {
    this.#append({ type: "sink", sink, off });
  }

  /** @param since When the other sinks were told that this one fails, ms; null: that is resolved. */
  alert(sink: string, since: number | null): void {
    this.#append({ type: "alerted", sink, since });
  }

  /** As `SegmentLog.flush`. */
  async flush(): Promise<void> {
    if (this.#lostFrom === null) await this.#trackWritten(() => this.#log.flush());
  }

  /** As `SegmentLog.sync`; also rewrites dropped records. */
  async sync(): Promise<void> {
    const from = this.#lostFrom;
    if (from !== null) this.#append({ type: "finished", done: [] }); // a small record tests the disk
    await this.#trackWritten(() => this.#log.sync());
    if (from === null) return;
    this.#lostFrom = null;
    this.#rewrite(({ seq }) => seq >= from);
    await this.#trackWritten(() => this.#log.sync());
  }

  /** Drops unwritten records above the limit; in-memory state is unaffected. */
  async limitUnwritten(): Promise<void> {
    if (this.#unwritten <= MOST_UNWRITTEN) return;
    this.#lostFrom ??= this.#log.syncedSeq + 1;
    this.#unwritten = 0;
    await this.#log.dropQueued();
  }

  /** Drops old segments when the log is much larger than its live content. */
  compact(): Promise<void> {
    this.#compacting ??= this.#dropOldSegments().finally(() => {
      this.#compacting = null;
    });
    return this.#compacting;
  }

  /** Flushes and closes the log. */
  async close(): Promise<void> {
    await this.#compacting?.catch(() => {});
    await this.#log.close();
  }

  async #dropOldSegments(): Promise<void> {
    for (let left = this.#log.segmentStarts.length - 1; left > 0; left--) {
      const end = this.#log.segmentStarts[1];
      const enough = 2 * this.state.liveBytes + 2 * OUTBOX_SEGMENT_BYTES;
      if (end === undefined || this.#log.bytes <= enough) return;
      this.#rewrite(({ seq }) => seq < end);
      await this.#log.sync();
      await this.#log.dropBefore(end);
    }
  }

  async #trackWritten(write: () => Promise<void>): Promise<void> {
    const bytes = this.#unwritten;
    await write();
    this.#unwritten -= Math.min(bytes, this.#unwritten);
  }

  /** Appends again the facts of the chosen records. */
  #rewrite(isChosen: (record: { readonly seq: number }) => boolean): void {
    const { messages, finished, off, alerted, dropped } = this.state;
    for (const [sink, reason] of off) this.switchSink(sink, reason);
    for (const [sink, since] of alerted) this.alert(sink, since);
    if (dropped.size > 0) {
      this.#append({ type: "finished", done: [], dropped: Object.fromEntries(dropped) });
    }
    const done = finished.of(isChosen);
    for (let i = 0; i < done.length; i += IDS_A_RECORD) {
      this.#append({ type: "finished", done: done.slice(i, i + IDS_A_RECORD) });
    }
    for (const message of messages.values()) {
      if (!isChosen(message)) continue;
      const { n, id, episode, severity, json, deliveries } = message;
      const to = [...deliveries.values()].map(({ message: _, ...target }) => target);
      message.seq = this.#append({ type: "message", n, id, episode, severity, to, json });
    }
  }

  #append(entry: Entry): number {
    const record = encodeEntry(entry);
    const seq = this.#log.append(record);
    this.#unwritten += record.length;
    if (seq === "full") throw new RangeError("A delivery log must not have a size limit");
    this.state.apply(entry, seq);
    return seq;
  }
}

/** The state after the records of a delivery log. */
export async function readDeliveryLog(
  records: AsyncIterable<{ readonly seq: number; readonly payload: Uint8Array }>,
  remember = REMEMBERED,
): Promise<DeliveryState> {
  const state = new DeliveryState(remember);
  for await (const { seq, payload } of records) state.apply(decodeEntry(payload), seq);
  state.settle();
  return state;
}

function named({ message, sink }: Delivery): { readonly id: string; readonly sink: string } {
  return { id: message.id, sink };
}
