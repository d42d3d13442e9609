import type { Delivery, StoredMessage } from "./delivery.ts";
import type { DeliveryLog } from "./delivery-log.ts";

/** How much an outbox holds for all sinks together. */
export interface QueueLimits {
  /** Most bytes of pending messages. By default 8 MiB. */
  readonly queueBytes: number;
  /** Most bytes of dead letters. By default 8 MiB. */
  readonly deadBytes: number;
}

/**
 * Makes pending messages dead letters until the queue is within its limit: first the oldest of severity info,
 * then the oldest of all. Deliveries in progress stay.
 *
 * @returns The new dead letters.
 */
export function deadLetterExcess(
  log: DeliveryLog,
  { queueBytes }: QueueLimits,
  isTrying: (delivery: Delivery) => boolean,
  now: number,
): Delivery[] {
  const { state } = log;
  if (state.pendingBytes <= queueBytes) return [];
  const moved: Delivery[] = [];
  const waiting = [...new Set([...state.pending].map(({ message }) => message))].filter(
    (message) => !pendingOf(message).some(isTrying),
  );
  const info = waiting.filter(({ severity }) => severity === "info");
  const others = waiting.filter(({ severity }) => severity !== "info");
  for (const message of [...info, ...others]) {
    if (state.pendingBytes <= queueBytes) break;
    for (const delivery of pendingOf(message)) {
      log.deadLetter(delivery, "queue full", now);
      moved.push(delivery);
    }
  }
  return moved;
}

/** Drops the oldest dead letters until they are within their limit. @returns The dropped ones. */
export function dropExcessDead(log: DeliveryLog, { deadBytes }: QueueLimits): Delivery[] {
  const { state } = log;
  const dropped: Delivery[] = [];
  for (const delivery of state.dead) {
    if (state.deadBytes <= deadBytes) break;
    log.finish(delivery);
    dropped.push(delivery);
  }
  return dropped;
}

function pendingOf({ deliveries }: StoredMessage): Delivery[] {
  return [...deliveries.values()].filter(({ dead }) => dead === null);
}
