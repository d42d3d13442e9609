import type { Delivery, StoredMessage } from "./delivery.ts";
import type { DeliveryLog } from "./delivery-log.ts";

/** How much an outbox holds, all sinks together. */
export interface QueueLimits {
  /** Most bytes of pending messages. By default 8 MiB. */
  readonly queueBytes: number;
  /** Most bytes of dead letters. By default 8 MiB. */
  readonly deadBytes: number;
}

/**
 * Moves pending messages to the dead letters until the queue is within its limit: the oldest of severity
 * info, and when there is none the oldest of all. What is being tried just now stays.
 *
 * @returns What was moved.
 */
export function makeRoom(
  ledger: DeliveryLog,
  { queueBytes }: QueueLimits,
  isTrying: (delivery: Delivery) => boolean,
  now: number,
): Delivery[] {
  const { state } = ledger;
  if (state.pendingBytes <= queueBytes) return [];
  const moved: Delivery[] = [];
  const waiting = [...new Set([...state.pending].map(({ message }) => message))].filter(
    (message) => !open(message).some(isTrying),
  );
  const info = waiting.filter(({ severity }) => severity === "info");
  const others = waiting.filter(({ severity }) => severity !== "info");
  for (const message of [...info, ...others]) {
    if (state.pendingBytes <= queueBytes) break;
    for (const delivery of open(message)) {
      ledger.deadLetter(delivery, "queue full", now);
      moved.push(delivery);
    }
  }
  return moved;
}

/** Gives up the oldest dead letters until they are within their limit. @returns What was given up. */
export function dropOldest(ledger: DeliveryLog, { deadBytes }: QueueLimits): Delivery[] {
  const { state } = ledger;
  const dropped: Delivery[] = [];
  for (const delivery of state.dead) {
    if (state.deadBytes <= deadBytes) break;
    ledger.finish(delivery);
    dropped.push(delivery);
  }
  return dropped;
}

function open({ deliveries }: StoredMessage): Delivery[] {
  return [...deliveries.values()].filter(({ dead }) => dead === null);
}
