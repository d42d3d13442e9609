const HOUR_MS = 3_600_000;
/** A recording below this length is looked at as a whole, ms. */
const LONG_MS = 24 * HOUR_MS;
/** Alerts of a sensor in such a recording. */
const IN_ALL = 2;
const WEEKLY = "1/week";
const DIGITS = 3;

/** The alert budget of a sensor. */
export interface InferredBudget {
  /** As in a pipeline file. */
  readonly rate: string;
  /** The rate, and what it means, as a phrase. */
  readonly reason: string;
}

/**
 * The alert budget of an inferred pipeline: one alert a week per sensor, in a recording below 24 hours two in all.
 *
 * @param spanMs Between the first and the last reading, ms; undefined: unknown or endless.
 */
export function budgetFor(spanMs = Number.POSITIVE_INFINITY): InferredBudget {
  if (!(spanMs > 0 && spanMs < LONG_MS)) {
    return { rate: WEEKLY, reason: `${WEEKLY} per sensor` };
  }
  const perHour = Number(((IN_ALL * HOUR_MS) / spanMs).toPrecision(DIGITS));
  const rate = `${perHour}/hour`;
  return { rate, reason: `${rate} per sensor: ${IN_ALL} in this recording` };
}
