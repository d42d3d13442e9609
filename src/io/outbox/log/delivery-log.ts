import type { SegmentLog } from "../../../state/segment-log.ts";
import type { OutboundMessage } from "../../sinks/sink.ts";
import type { Delivery, StoredMessage } from "./delivery.ts";
import { DeliveryState } from "./delivery-state.ts";
import { decodeEntry, type Entry, encodeEntry, type Target } from "./entry.ts";

/** Name of the outbox's log in the state directory. */
export const OUTBOX_LOG = "outbox";

/** Size of its segments: small ones free their place sooner. */
export const OUTBOX_SEGMENT_BYTES = 1024 * 1024;

/** Finished messages that are remembered, over all sinks, if nothing else is said. */
export const REMEMBERED = 100_000;

/** Most bytes of records that wait while the disk refuses; then they are given up, and made anew later. */
const MOST_UNWRITTEN = 8 * 1024 * 1024;

/** Most ids in one record. */
const IDS_A_RECORD = 1000;

/**
 * The durable half of the outbox: what came, what became of it, and what is remembered. Everything is a
 * record that is appended; {@link sync} makes durable what was. Nothing is rewritten in place: what an
 * old segment alone still tells is appended again, then the segment is dropped.
 */
export class DeliveryLog {
  readonly state: DeliveryState;
  readonly #log: SegmentLog;
  #compacting: Promise<void> | null = null;
  /** Bytes of records since the last that are known to be in files. */
  #unwritten = 0;
  /** First record that was given up; null: none was. */
  #lostFrom: number | null = null;

  private constructor(log: SegmentLog, state: DeliveryState) {
    this.#log = log;
    this.state = state;
  }

  /** Reads a log of an outbox to its end. */
  static async open(log: SegmentLog, remember = REMEMBERED): Promise<DeliveryLog> {
    return new DeliveryLog(log, await readDeliveryLog(log.read(), remember));
  }

  /** Bytes of the log. */
  get bytes(): number {
    return this.#log.bytes;
  }

  /** Whether all that is known of a message is on the disk. */
  isDurable({ seq }: StoredMessage): boolean {
    return seq <= this.#log.syncedSeq;
  }

  /** Takes a message for sinks that do not know it yet. */
  add({ body, json }: OutboundMessage, sinks: readonly string[], now: number): Delivery[] {
    const { id, episode, severity } = body;
    const fresh = { since: now, attempts: 0, dueAt: now, lastReason: "", dead: null };
    const n = this.state.nextNumber;
    const to = sinks.map((sink): Target => ({ sink, ...fresh }));
    this.#append({ type: "message", n, id, episode, severity, to, json });
    const message = this.state.messages.get(id);
    return sinks.flatMap((sink) => message?.deliveries.get(sink) ?? []);
  }

  /** An attempt failed; there will be another. */
  failed(delivery: Delivery, dueAt: number, reason: string): void {
    const attempts = delivery.attempts + 1;
    this.#append({ type: "failed", ...named(delivery), attempts, dueAt, reason });
  }

  /** A pending message becomes a dead letter. */
  deadLetter(delivery: Delivery, reason: string, at: number, attempts = delivery.attempts): void {
    this.#append({ type: "dead", ...named(delivery), attempts, at, reason });
  }

  /** A dead letter becomes pending, under the same id, with a new age. Switches its sink on. */
  redrive(delivery: Delivery, at: number): void {
    this.#append({ type: "redriven", ...named(delivery), at });
    if (this.state.off.has(delivery.sink)) this.switchSink(delivery.sink, null);
  }

  /** A message was delivered, or is given up as a dead letter: only its id is remembered. */
  finish(delivery: Delivery): void {
    const { id, sink } = named(delivery);
    this.#append({ type: "finished", done: [[this.state.nextNumber, sink, id]] });
  }

  /** @param off Why it is switched off; null: it is on. */
  switchSink(sink: string, off: string | null): void {
    this.#append({ type: "sink", sink, off });
  }

  /** As of the log. */
  async flush(): Promise<void> {
    if (this.#lostFrom === null) await this.#written(() => this.#log.flush());
  }

  /** As of the log. */
  async sync(): Promise<void> {
    const from = this.#lostFrom;
    if (from !== null) this.#append({ type: "finished", done: [] }); // try it with a small one
    await this.#written(() => this.#log.sync());
    if (from === null) return;
    this.#lostFrom = null;
    this.#tellAgain(({ seq }) => seq >= from);
    await this.#written(() => this.#log.sync());
  }

  /** Gives up records that can't be written when they are too many; what they come to stays. */
  async limitUnwritten(): Promise<void> {
    if (this.#unwritten <= MOST_UNWRITTEN) return;
    this.#lostFrom ??= this.#log.syncedSeq + 1;
    this.#unwritten = 0;
    await this.#log.giveUp();
  }

  /** Drops old segments when the log holds much more than it has to. */
  compact(): Promise<void> {
    this.#compacting ??= this.#dropOld().finally(() => {
      this.#compacting = null;
    });
    return this.#compacting;
  }

  /** Flushes and closes the log. */
  async close(): Promise<void> {
    await this.#compacting?.catch(() => {});
    await this.#log.close();
  }

  async #dropOld(): Promise<void> {
    for (let left = this.#log.segmentStarts.length - 1; left > 0; left--) {
      const end = this.#log.segmentStarts[1];
      const enough = 2 * this.state.liveBytes + 2 * OUTBOX_SEGMENT_BYTES;
      if (end === undefined || this.#log.bytes <= enough) return;
      this.#tellAgain(({ seq }) => seq < end);
      await this.#log.sync();
      await this.#log.dropBefore(end);
    }
  }

  async #written(write: () => Promise<void>): Promise<void> {
    const bytes = this.#unwritten;
    await write();
    this.#unwritten -= Math.min(bytes, this.#unwritten);
  }

  /** Appends again what only some records tell. */
  #tellAgain(isOf: (record: { readonly seq: number }) => boolean): void {
    const { messages, finished, off } = this.state;
    for (const [sink, reason] of off) this.switchSink(sink, reason);
    const done = finished.of(isOf);
    for (let i = 0; i < done.length; i += IDS_A_RECORD) {
      this.#append({ type: "finished", done: done.slice(i, i + IDS_A_RECORD) });
    }
    for (const message of messages.values()) {
      if (!isOf(message)) continue;
      const { n, id, episode, severity, json, deliveries } = message;
      const to = [...deliveries.values()].map(({ message: _, ...target }) => target);
      message.seq = this.#append({ type: "message", n, id, episode, severity, to, json });
    }
  }

  #append(entry: Entry): number {
    const record = encodeEntry(entry);
    const seq = this.#log.append(record);
    this.#unwritten += record.length;
    if (seq === "full") throw new RangeError("The log of an outbox is not to be capped");
    this.state.apply(entry, seq);
    return seq;
  }
}

/** What the records of an outbox come to. */
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
