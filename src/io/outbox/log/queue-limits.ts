import type { Delivery, StoredMessage } from "./delivery.ts";
import type { DeliveryLog } from "./delivery-log.ts";
import type { DeliveryState } from "./delivery-state.ts";

/** How much an outbox holds for all sinks together. */
export interface QueueLimits {
  /** Most bytes of pending messages. */
  readonly queueBytes: number;
  /** Most bytes of dead letters. */
  readonly deadBytes: number;
}

export const DEFAULT_LIMITS: QueueLimits = {
  queueBytes: 8 * 1024 * 1024,
  deadBytes: 8 * 1024 * 1024,
};

/** Part of the limit below which a queue that was full has room again. */
const HAS_ROOM = 0.75;

/** What a {@link QueueLimiter} works with. */
export interface QueueLimiterSetup {
  readonly log: DeliveryLog;
  readonly limits: QueueLimits;
  /** Whether an attempt is in progress. */
  isTrying(delivery: Delivery): boolean;
  /** A pending message became a dead letter. */
  ended(delivery: Delivery): void;
  /** Takes what an operator should know, a line each. */
  report(line: string): void;
}

/**
 * Keeps an outbox within its limits, at a cost that does not depend on its size. Reports when a limit is first
 * exceeded, and when the queue has room again or {@link close} is called.
 */
export class QueueLimiter {
  readonly #setup: QueueLimiterSetup;
  /** Messages that became dead letters since the queue is full; null: it is not. */
  #moved: number | null = null;
  /** Dropped dead letters by sink. */
  readonly #dropped = new Map<string, number>();

  constructor(setup: QueueLimiterSetup) {
    this.#setup = setup;
  }

  /** Dead letters of a sink that were dropped since the start. */
  dropped(sink: string): number {
    return this.#dropped.get(sink) ?? 0;
  }

  /**
   * Makes pending messages dead letters until the queue is within its limit: first the oldest of severity info,
   * then the oldest of all. Deliveries in progress stay. Then drops the oldest dead letters above their limit.
   * Costs O(1) for each message that exceeds a limit.
   */
  apply(now: number): void {
    this.#limitPending(now);
    this.#limitDead();
  }

  /** Reports how the run ended, if a limit was exceeded. */
  close(): void {
    const moved = this.#moved;
    const dropped = [...this.#dropped.values()].reduce((sum, count) => sum + count, 0);
    const parts = [
      ...(moved === null ? [] : [`the queue is still full: ${moved} messages became dead letters`]),
      ...(dropped === 0 ? [] : [`dead letters dropped, as they exceeded their limit: ${dropped}`]),
    ];
    if (parts.length > 0) this.#setup.report(parts.join("; "));
  }

  #limitPending(now: number): void {
    const { log, limits, report, ended } = this.#setup;
    const { state } = log;
    for (;;) {
      if (state.pendingBytes <= limits.queueBytes) break;
      const message = this.#oldest(state);
      if (message === null) break;
      if (this.#moved === null) {
        report("the queue is full: its oldest messages become dead letters");
        this.#moved = 0;
      }
      this.#moved += 1;
      for (const delivery of pendingOf(message)) {
        log.deadLetter(delivery, "queue full", now);
        ended(delivery);
      }
    }
    if (this.#moved === null || state.pendingBytes > HAS_ROOM * limits.queueBytes) return;
    report(`the queue has room again: ${this.#moved} messages became dead letters`);
    this.#moved = null;
  }

  #limitDead(): void {
    const { log, limits, report } = this.#setup;
    const { state } = log;
    while (state.deadBytes > limits.deadBytes) {
      const oldest = state.dead.first;
      if (oldest === null) return;
      if (this.#dropped.size === 0) {
        report("the dead letters exceed their limit: the oldest are dropped");
      }
      log.drop(oldest);
      this.#dropped.set(oldest.sink, this.dropped(oldest.sink) + 1);
    }
  }

  /** The first message to end; null: each has an attempt in progress. There are only few of those to skip. */
  #oldest({ pendingInfo, pendingOthers }: DeliveryState): StoredMessage | null {
    for (const queue of [pendingInfo, pendingOthers]) {
      for (const { message } of queue) {
        if (!pendingOf(message).some(this.#setup.isTrying)) return message;
      }
    }
    return null;
  }
}

function pendingOf({ deliveries }: StoredMessage): Delivery[] {
  return [...deliveries.values()].filter(({ dead }) => dead === null);
}
