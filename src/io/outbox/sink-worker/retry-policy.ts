/** When a message is tried again, and for how long. */
export interface RetryPolicy {
  /** Longest waits before the attempts, ms; the last one is repeated. The first is before the first. */
  readonly scheduleMs: readonly number[];
  /** Age at which a message that was not delivered goes to the dead letters, ms. */
  readonly maxAgeMs: number;
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** At once, then with growing patience for three days. */
export const DEFAULT_RETRY: RetryPolicy = {
  scheduleMs: [0, 5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR],
  maxAgeMs: 72 * HOUR,
};

/**
 * How long to wait before the next attempt: anything up to the wait of the schedule (full jitter, so that
 * those that failed together do not come back together), but at least what the receiver asked for.
 *
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015.
 *
 * @param attempts How many failed before; 0 before the first.
 * @param random Uniform in [0, 1).
 */
export function waitMs(
  { scheduleMs }: RetryPolicy,
  attempts: number,
  random: number,
  retryAfterMs = 0,
): number {
  const longest = scheduleMs[Math.min(attempts, scheduleMs.length - 1)] ?? 0;
  return Math.max(Math.ceil(random * longest), retryAfterMs);
}
