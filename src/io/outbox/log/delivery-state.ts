import { ArrivalOrder } from "./arrival-order.ts";
import type { Delivery, StoredMessage } from "./delivery.ts";
import type { Entry } from "./entry.ts";
import { FinishedIds } from "./finished-ids.ts";

/** Bytes of a message beside its JSON, about. */
const OVERHEAD_BYTES = 256;
/** Bytes of a remembered id in the log, about. */
const FINISHED_BYTES = 64;

interface QueueSizes {
  pending: number;
  dead: number;
}

/**
 * The state of a delivery log: the result of all its records, and of those from any segment on. Writing and
 * reading a record both go through {@link apply}.
 */
export class DeliveryState {
  /** Unfinished messages by id: at least one sink has them pending or dead. */
  readonly messages = new Map<string, StoredMessage>();
  /** Dead letters, the oldest first. */
  readonly dead = new ArrivalOrder<Delivery>();
  /** Pending messages, the oldest first: those of severity info, and the others. */
  readonly pendingInfo = new ArrivalOrder<Delivery>();
  readonly pendingOthers = new ArrivalOrder<Delivery>();
  readonly finished: FinishedIds;
  /** Switched-off sinks, with the reason. */
  readonly off = new Map<string, string>();
  /** Sinks whose failure the other sinks know, with the time of that message, ms. */
  readonly alerted = new Map<string, number>();
  /** Number of dead letters of a sink that the limit has dropped so far, over all runs. */
  readonly dropped = new Map<string, number>();
  readonly #sizes = new Map<string, QueueSizes>();
  /** Larger than any number of a message or of a finish. */
  nextNumber = 1;
  /** Bytes of messages that are pending for some sink, and of those that are dead letters of some sink. */
  pendingBytes = 0;
  deadBytes = 0;

  /** @param remember Number of finished messages to remember, over all sinks. */
  constructor(remember: number) {
    this.finished = new FinishedIds(remember);
  }

  /** Bytes of the live content. */
  get liveBytes(): number {
    return this.pendingBytes + this.deadBytes + FINISHED_BYTES * this.finished.size;
  }

  /** Number of pending messages, over all sinks. */
  get pendingCount(): number {
    return this.pendingInfo.size + this.pendingOthers.size;
  }

  /** All pending messages. */
  get pending(): readonly Delivery[] {
    return [...this.pendingInfo, ...this.pendingOthers];
  }

  /** Number of pending messages and of dead letters of a sink. */
  sizes(sink: string): Readonly<QueueSizes> {
    return this.#sizes.get(sink) ?? { pending: 0, dead: 0 };
  }

  /** Whether a sink had a message before, as far as remembered. */
  hasSeen(id: string, sink: string): boolean {
    return this.messages.get(id)?.deliveries.has(sink) === true || this.finished.has(sink, id);
  }

  /** @param seq Sequence number of the record. */
  apply(entry: Entry, seq: number): void {
    if (entry.type === "message") this.#message(entry, seq);
    else if (entry.type === "finished") this.#finished(entry, seq);
    else if (entry.type === "sink") set(this.off, entry.sink, entry.off);
    else if (entry.type === "alerted") set(this.alerted, entry.sink, entry.since);
    else {
      const delivery = this.messages.get(entry.id)?.deliveries.get(entry.sink);
      if (delivery !== undefined) this.#change(delivery, entry);
    }
  }

  /** Restores the order. Call it after all records are read. */
  settle(): void {
    this.finished.settle();
    const byNumber = (a: Delivery, b: Delivery): number => a.message.n - b.message.n;
    const byDeath = (a: Delivery, b: Delivery): number =>
      (a.dead?.at ?? 0) - (b.dead?.at ?? 0) || byNumber(a, b);
    this.pendingInfo.sort(byNumber);
    this.pendingOthers.sort(byNumber);
    this.dead.sort(byDeath);
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
      // a rewritten copy holds nothing new
      if (message.deliveries.has(sink)) continue;
      this.finished.forget(sink, id);
      const delivery: Delivery = { message, sink, ...state };
      this.#count(message, () => {
        message.deliveries.set(sink, delivery);
        this.#enter(delivery);
      });
    }
  }

  #finished({ done, dropped = {} }: Extract<Entry, { type: "finished" }>, seq: number): void {
    for (const one of done) {
      const [n, sink, id] = one;
      this.nextNumber = Math.max(this.nextNumber, n + 1);
      this.finished.add(one, seq);
      this.#remove(id, sink);
    }
    for (const [sink, total] of Object.entries(dropped)) {
      this.dropped.set(sink, Math.max(total, this.dropped.get(sink) ?? 0));
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
      this.#leave(delivery);
      if (entry.type === "dead") {
        delivery.attempts = entry.attempts;
        delivery.dead = { at: entry.at, reason: entry.reason };
      } else {
        Object.assign(delivery, { since: entry.at, dueAt: entry.at, attempts: 0, dead: null });
      }
      this.#enter(delivery);
    });
  }

  #remove(id: string, sink: string): void {
    const message = this.messages.get(id);
    const delivery = message?.deliveries.get(sink);
    if (message === undefined || delivery === undefined) return;
    this.#count(message, () => {
      message.deliveries.delete(sink);
      this.#leave(delivery);
    });
    if (message.deliveries.size === 0) this.messages.delete(id);
  }

  #enter(delivery: Delivery): void {
    this.#queueOf(delivery).add(delivery);
    const sizes = this.#sizes.get(delivery.sink) ?? { pending: 0, dead: 0 };
    sizes[delivery.dead === null ? "pending" : "dead"] += 1;
    this.#sizes.set(delivery.sink, sizes);
  }

  #leave(delivery: Delivery): void {
    this.#queueOf(delivery).delete(delivery);
    const sizes = this.#sizes.get(delivery.sink) as QueueSizes;
    sizes[delivery.dead === null ? "pending" : "dead"] -= 1;
  }

  #queueOf({ dead, message }: Delivery): ArrivalOrder<Delivery> {
    if (dead !== null) return this.dead;
    return message.severity === "info" ? this.pendingInfo : this.pendingOthers;
  }

  /** Updates the byte counts around a change of one message's deliveries. */
  #count(message: StoredMessage, change: () => void): void {
    const before = share(message);
    change();
    const after = share(message);
    this.pendingBytes += (after.pending - before.pending) * message.bytes;
    this.deadBytes += (after.dead - before.dead) * message.bytes;
  }
}

/** Whether a message counts as pending and as a dead letter, 0 or 1 each. */
function share({ deliveries }: StoredMessage): { readonly pending: number; readonly dead: number } {
  let [pending, dead] = [0, 0];
  for (const delivery of deliveries.values()) {
    if (delivery.dead === null) pending = 1;
    else dead = 1;
  }
  return { pending, dead };
}

function set<T>(map: Map<string, T>, name: string, value: T | null): void {
  if (value === null) map.delete(name);
  else map.set(name, value);
}
