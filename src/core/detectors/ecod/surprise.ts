/** Mean surprise of a feature that behaves as in its reference: what a missing vote counts, nats. */
export const NEUTRAL_SURPRISE = 1 + Math.LN2;

/** On which side of the reference a value lies. */
export type Side = "low" | "high";
