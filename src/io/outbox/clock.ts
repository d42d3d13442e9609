import { MAX_TIMER_MS } from "../max-timer-ms.ts";

/** Time and chance, as the outbox sees them. */
export interface Clock {
  /** Ms since epoch. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Calls once after `ms`, perhaps earlier. @returns Stops it. */
  after(ms: number, call: () => void): () => void;
}

/** The clock on the wall. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
