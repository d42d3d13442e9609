/** When a receiver is left in peace. */
export interface BreakerPolicy {
  /** Failures in a row after which it is. */
  readonly failures: number;
  /** For how long at first, ms; each failed probe doubles it. */
  readonly openMs: number;
  /** For how long at the most, ms. */
  readonly maxOpenMs: number;
}

/** Five failures, half a minute, five minutes. */
export const DEFAULT_BREAKER: BreakerPolicy = { failures: 5, openMs: 30_000, maxOpenMs: 300_000 };

/** Stops attempts at a receiver that fails time after time, but for a probe now and then. */
export class CircuitBreaker {
  readonly #policy: BreakerPolicy;
  #failures = 0;
  #openMs: number;
  /** When a probe may be made, ms; null while it is closed. */
  #openUntil: number | null = null;
  #probing = false;

  constructor(policy: BreakerPolicy) {
    this.#policy = policy;
    this.#openMs = policy.openMs;
  }

  /** Whether attempts are held back, but for probes. */
  get isOpen(): boolean {
    return this.#openUntil !== null;
  }

  /** When an attempt may be made: 0 for now, Infinity while a probe is out. */
  get allowedAt(): number {
    return this.#probing ? Number.POSITIVE_INFINITY : (this.#openUntil ?? 0);
  }

  /** An attempt begins. @returns Whether it is a probe. */
  begin(): boolean {
    this.#probing = this.isOpen;
    return this.#probing;
  }

  /** The receiver answered. */
  succeed(): void {
    this.#failures = 0;
    this.#openMs = this.#policy.openMs;
    this.#openUntil = null;
    this.#probing = false;
  }

  /** An attempt failed. @param probe Whether it was a probe. */
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
