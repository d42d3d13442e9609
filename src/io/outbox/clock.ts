/** Longest delay of a Node timer, ms: about 25 days. A longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Time and randomness of the outbox. */
export interface Clock {
  /** Ms since epoch. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Calls `call` once after `ms`, or somewhat earlier. @returns Cancels it. */
  after(ms: number, call: () => void): () => void;
}

/** The system clock. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
