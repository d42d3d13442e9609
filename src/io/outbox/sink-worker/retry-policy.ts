/** When to retry a message, and for how long. */
export interface RetryPolicy {
  /** Longest wait before each attempt, from the first one on, ms; the last value repeats. */
  readonly scheduleMs: readonly number[];
  /** Age at which an undelivered message becomes a dead letter, ms. */
  readonly maxAgeMs: number;
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

/** At once, then at growing intervals for three days. */
export const DEFAULT_RETRY: RetryPolicy = {
  scheduleMs: [0, 5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR],
  maxAgeMs: 72 * HOUR,
};

/**
 * The wait before the next attempt, ms: random up to the schedule's value (full jitter, so that messages that
 * failed together don't return together), but at least what the receiver asked for.
 *
 * Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog 2015.
 *
 * @param attempts Number of failed attempts.
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
