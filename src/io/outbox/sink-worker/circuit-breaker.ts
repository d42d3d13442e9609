/** When a circuit opens, and for how long. */
export interface BreakerPolicy {
  /** Consecutive failures that open it. */
  readonly failures: number;
  /** First open time, ms; each failed probe doubles it. */
  readonly openMs: number;
  /** Longest open time, ms. */
  readonly maxOpenMs: number;
}

export const DEFAULT_BREAKER: BreakerPolicy = { failures: 5, openMs: 30_000, maxOpenMs: 300_000 };

/** Stops attempts at a receiver that keeps failing, except for probes. */
export class CircuitBreaker {
  readonly #policy: BreakerPolicy;
  #failures = 0;
  #openMs: number;
  /** Time of the next probe, ms; null while the circuit is closed. */
  #openUntil: number | null = null;
  #probing = false;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
    this.#openMs = policy.openMs;
  }

  /** Whether only probes are allowed. */
  get isOpen(): boolean {
    return this.#openUntil !== null;
  }

  /** Time of the next attempt: 0 for now, Infinity while a probe runs. */
  get allowedAt(): number {
    return this.#probing ? Number.POSITIVE_INFINITY : (this.#openUntil ?? 0);
  }

  /** Starts an attempt. @returns Whether it is a probe. */
  begin(): boolean {
    this.#probing = this.isOpen;
    return this.#probing;
  }

  /** The receiver has answered. */
  succeed(): void {
    this.#failures = 0;
    this.#openMs = this.#policy.openMs;
    this.#openUntil = null;
    this.#probing = false;
  }

  /** An attempt has failed. @param probe Whether it was a probe. */
  fail(now: number, probe: boolean): void {
    this.#failures += 1;
    if (probe) {
      this.#probing = false;
      this.#openMs = Math.min(2 * this.#openMs, this.#policy.maxOpenMs);
      this.#openUntil = now + this.#openMs;
    } else if (!this.isOpen && this.#failures >= this.#policy.failures) {
      this.#openUntil = now + this.#openMs;
    }
  }
}
