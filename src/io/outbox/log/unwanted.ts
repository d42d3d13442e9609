/**
 * Pending messages that no sink will take become dead letters.
 *
 * @module
 */
import type { Delivery } from "./delivery.ts";
import type { DeliveryLog } from "./delivery-log.ts";

/** Ends the messages of removed sinks. @param present By name. @returns Number of messages by removed sink. */
export function deadLetterRemoved(
  log: DeliveryLog,
  present: ReadonlyMap<string, unknown>,
  now: number,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const delivery of log.state.pending) {
    const { sink } = delivery;
    if (present.has(sink)) continue;
    log.deadLetter(delivery, "the pipeline has no sink of this name any more", now);
    counts.set(sink, (counts.get(sink) ?? 0) + 1);
  }
  return counts;
}

/** Ends messages of switched-off sinks. */
export function deadLetterOff(
  log: DeliveryLog,
  deliveries: readonly Delivery[],
  now: number,
): void {
  for (const delivery of deliveries) {
    const reason = log.state.off.get(delivery.sink);
    if (reason === undefined || delivery.dead !== null) continue;
    log.deadLetter(delivery, `the sink is switched off: ${reason}`, now);
  }
}
