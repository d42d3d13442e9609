import type { DeliveryState } from "./log/delivery-state.ts";

/** The state of one sink. Attempts, delivered, retried and dropped count from the start of the program. */
export interface SinkStats {
  readonly pending: number;
  /** Attempts with an outcome; those that did not deliver have failed. */
  readonly attempts: number;
  readonly delivered: number;
  readonly retried: number;
  /** Number of dead letters. */
  readonly dead: number;
  /** Dead letters dropped to stay within the limit. */
  readonly dropped: number;
  /** Why the sink is switched off; null: it is on. */
  readonly disabled: string | null;
  /** Age of the oldest pending message, ms; 0 without one. */
  readonly oldestPendingAgeMs: number;
}

/** What a sink worker knows of its sink. */
interface WorkerCounts {
  readonly attempts: number;
  readonly delivered: number;
  readonly retried: number;
  /** Time since which the oldest pending message waits, ms; null: none waits. */
  readonly oldestSince: number | null;
}

/** Builds the stats of a sink from the state, and from the counts of its worker. Costs O(1). */
export function sinkStats(
  name: string,
  state: DeliveryState,
  { attempts, delivered, retried, oldestSince }: WorkerCounts,
  dropped: number,
  now: number,
): SinkStats {
  return {
    ...state.sizes(name),
    attempts,
    delivered,
    retried,
    dropped,
    disabled: state.off.get(name) ?? null,
    oldestPendingAgeMs: oldestSince === null ? 0 : Math.max(0, now - oldestSince),
  };
}
