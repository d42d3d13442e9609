import type { Delivery, StoredMessage } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import { FinishedIds } from "./finished-ids.ts";

/** What a message takes beside its JSON, about. */
const OVERHEAD_BYTES = 256;
/** What remembering an id takes in the log, about. */
const FINISHED_BYTES = 64;

/**
 * What the records of an outbox come to: the sum of all of them, and of any of their ends that begins
 * with a segment. The same function is used when a record is written and when it is read back.
 */
export class DeliveryState {
  /** By id, those that some sink has not finished with. */
  readonly messages = new Map<string, StoredMessage>();
  /** Dead letters, the oldest first. */
  readonly dead = new Set<Delivery>();
  readonly pending = new Set<Delivery>();
  readonly finished: FinishedIds;
  /** Sinks that are switched off, and why. */
  readonly off = new Map<string, string>();
  /** Larger than every number given to a message or to an end of one. */
  nextNumber = 1;
  /** Bytes of messages that are pending somewhere, and of those that are dead letters somewhere. */
  pendingBytes = 0;
  deadBytes = 0;

  /** @param remember How many finished messages are remembered, over all sinks. */
  constructor(remember: number) {
    this.finished = new FinishedIds(remember);
  }

  /** Bytes that the log could not do without. */
  get liveBytes(): number {
    return this.pendingBytes + this.deadBytes + FINISHED_BYTES * this.finished.size;
  }

  /** Whether a message has come for a sink before, as far as is remembered. */
  knows(id: string, sink: string): boolean {
    return this.messages.get(id)?.deliveries.has(sink) === true || this.finished.has(sink, id);
  }

  /** @param seq Of the record. */
  apply(entry: Entry, seq: number): void {
    if (entry.type === "message") {
      this.#message(entry, seq);
    } else if (entry.type === "finished") {
      for (const one of entry.done) {
        const [n, sink, id] = one;
        this.nextNumber = Math.max(this.nextNumber, n + 1);
        this.finished.add(one, seq);
        this.#remove(id, sink);
      }
    } else if (entry.type === "sink") {
      if (entry.off === null) this.off.delete(entry.sink);
      else this.off.set(entry.sink, entry.off);
    } else {
      const delivery = this.messages.get(entry.id)?.deliveries.get(entry.sink);
      if (delivery !== undefined) this.#change(delivery, entry);
    }
  }

  /** To be called when all records are read back. */
  settle(): void {
    this.finished.settle();
    const byNumber = (a: Delivery, b: Delivery): number => a.message.n - b.message.n;
    const byDeath = (a: Delivery, b: Delivery): number =>
      (a.dead?.at ?? 0) - (b.dead?.at ?? 0) || byNumber(a, b);
    refill(this.pending, byNumber);
    refill(this.dead, byDeath);
  }

  #message(entry: Extract<Entry, { type: "message" }>, seq: number): void {
    const { n, id, episode, severity, json, to } = entry;
    this.nextNumber = Math.max(this.nextNumber, n + 1);
    const known = this.messages.get(id);
    const message: StoredMessage = known ?? {
      n,
      id,
      episode,
      severity,
      json,
      bytes: Buffer.byteLength(json) + OVERHEAD_BYTES,
      deliveries: new Map(),
      seq,
    };
    this.messages.set(id, message);
    for (const { sink, ...state } of to) {
      // a copy that was carried over knows no more than we do
      if (message.deliveries.has(sink)) continue;
      this.finished.forget(sink, id);
      const delivery: Delivery = { message, sink, ...state };
      this.#count(message, () => {
        message.deliveries.set(sink, delivery);
        (delivery.dead === null ? this.pending : this.dead).add(delivery);
      });
    }
  }

  #change(
    delivery: Delivery,
    entry: Extract<Entry, { type: "failed" | "dead" | "redriven" }>,
  ): void {
    if (entry.type === "failed") {
      delivery.attempts = entry.attempts;
      delivery.dueAt = entry.dueAt;
      delivery.lastReason = entry.reason;
      return;
    }
    this.#count(delivery.message, () => {
      this.pending.delete(delivery);
      this.dead.delete(delivery);
      if (entry.type === "dead") {
        delivery.attempts = entry.attempts;
        delivery.dead = { at: entry.at, reason: entry.reason };
        this.dead.add(delivery);
      } else {
        Object.assign(delivery, { since: entry.at, dueAt: entry.at, attempts: 0, dead: null });
        this.pending.add(delivery);
      }
    });
  }

  #remove(id: string, sink: string): void {
    const message = this.messages.get(id);
    const delivery = message?.deliveries.get(sink);
    if (message === undefined || delivery === undefined) return;
    this.#count(message, () => {
      message.deliveries.delete(sink);
      this.pending.delete(delivery);
      this.dead.delete(delivery);
    });
    if (message.deliveries.size === 0) this.messages.delete(id);
  }

  /** Keeps the sums right over a change of one message's deliveries. */
  #count(message: StoredMessage, change: () => void): void {
    const before = share(message);
    change();
    const after = share(message);
    this.pendingBytes += (after.pending - before.pending) * message.bytes;
    this.deadBytes += (after.dead - before.dead) * message.bytes;
  }
}

/** Whether a message counts as pending, and as a dead letter: 0 or 1. */
function share({ deliveries }: StoredMessage): { readonly pending: number; readonly dead: number } {
  let [pending, dead] = [0, 0];
  for (const delivery of deliveries.values()) {
    if (delivery.dead === null) pending = 1;
    else dead = 1;
  }
  return { pending, dead };
}

function refill(set: Set<Delivery>, order: (a: Delivery, b: Delivery) => number): void {
  const sorted = [...set].sort(order);
  set.clear();
  for (const delivery of sorted) set.add(delivery);
}
