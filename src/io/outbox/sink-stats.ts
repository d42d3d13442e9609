import type { DeliveryState } from "./log/delivery-state.ts";

/** The state of one sink. Delivered, retried and dropped count from the start of the program. */
export interface SinkStats {
  readonly pending: number;
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

/** Builds the stats of a sink from the state, and from the counts of its worker. */
export function sinkStats(
  name: string,
  { pending, dead, off }: DeliveryState,
  { delivered, retried }: { readonly delivered: number; readonly retried: number },
  dropped: number,
  now: number,
): SinkStats {
  const own = [...pending].filter(({ sink }) => sink === name);
  return {
    pending: own.length,
    delivered,
    retried,
    dead: [...dead].filter(({ sink }) => sink === name).length,
    dropped,
    disabled: off.get(name) ?? null,
    oldestPendingAgeMs: own.reduce((age, { since }) => Math.max(age, now - since), 0),
  };
}
