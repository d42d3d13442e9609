/** Minimum difference between the expected and the found time that counts as a clock step, ms. */
const STEP_MS = 2000;

/** A change of the clock by a user or a time server. */
export interface ClockStep {
  /** Expected and found clock time, ms since epoch. */
  readonly expectedMs: number;
  readonly foundMs: number;
  /** How far the times of readings moved forward with it, ms, >= 0. */
  readonly aheadMs: number;
}

/** Two clocks, in ms: the wall clock, which can be set, and a steady one. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

/**
 * Gives readings without a timestamp the time of their arrival. It follows the wall clock forward. When the
 * wall clock is set back, it continues at the pace of the steady clock: times never decrease.
 */
export class ArrivalClock {
  readonly #clocks: Clocks;
  #wall: number;
  #steady: number;
  #now: number;
  #step: Pick<ClockStep, "expectedMs" | "foundMs"> | null = null;
  #ahead = 0;

  /** @param floor Event time of the newest reading so far, ms; -Infinity without one. */
  constructor(clocks: Clocks, floor: number) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
    this.#now = Math.max(this.#wall, floor);
    if (this.#now - this.#wall >= STEP_MS) {
      this.#step = { expectedMs: this.#now, foundMs: this.#wall };
    }
  }

  /** Time of a reading that arrives now, ms since epoch; never decreases. */
  now(): number {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    const passed = Math.max(0, steady - this.#steady);
    const expected = this.#wall + passed;
    if (Math.abs(wall - expected) >= STEP_MS) {
      this.#step = { expectedMs: this.#step?.expectedMs ?? expected, foundMs: wall };
    }
    const before = this.#now;
    this.#now = Math.max(wall, wall < before ? before + passed : wall);
    const ahead = this.#now - before - passed;
    if (ahead >= STEP_MS) this.#ahead += ahead;
    this.#wall = wall;
    this.#steady = steady;
    return this.#now;
  }

  /** Returns the clock step since the last call, and forgets it; null without one. */
  takeStep(): ClockStep | null {
    const step = this.#step === null ? null : { ...this.#step, aheadMs: this.#ahead };
    this.#step = null;
    this.#ahead = 0;
    return step;
  }
}
