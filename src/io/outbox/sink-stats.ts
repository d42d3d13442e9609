import type { DeliveryState } from "./log/delivery-state.ts";

/** How one sink is doing. Delivered, retried and dropped count from the start of the program. */
export interface SinkStats {
  readonly pending: number;
  readonly delivered: number;
  readonly retried: number;
  /** Dead letters that there are. */
  readonly dead: number;
  /** Dead letters that had to make room. */
  readonly dropped: number;
  /** Why it is switched off; null: it is on. */
  readonly disabled: string | null;
  /** Age of its oldest pending message, ms; 0 without one. */
  readonly oldestPendingAgeMs: number;
}

/** @param lane What was counted since the start. */
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
