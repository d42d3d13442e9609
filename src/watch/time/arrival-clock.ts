/** How far the clock must be from where it was expected for that to be a step, ms. */
const STEP_MS = 2000;

/** The clock was set. */
export interface ClockStep {
  /** What it would have shown, and what it shows, ms since epoch. */
  readonly expectedMs: number;
  readonly foundMs: number;
  /** By how much times of readings moved ahead with it, ms, >= 0. */
  readonly aheadMs: number;
}

/** A clock to read: what it shows, and time that passes whatever it shows; both ms. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

/**
 * Times for readings that have none: those of the clock, as long as it goes forward. When it is set back,
 * they go on at the pace of passing time, so no reading comes before an earlier one and windows by time
 * stay as long as they are.
 */
export class ArrivalClock {
  readonly #clocks: Clocks;
  #wall: number;
  #steady: number;
  #now: number;
  #step: Pick<ClockStep, "expectedMs" | "foundMs"> | null = null;
  #ahead = 0;

  /** @param floor Time of the newest reading so far, ms; -Infinity: there is none. */
  constructor(clocks: Clocks, floor: number) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
    this.#now = Math.max(this.#wall, floor);
    if (this.#now - this.#wall >= STEP_MS) {
      this.#step = { expectedMs: this.#now, foundMs: this.#wall };
    }
  }

  /** Time of a reading that comes now, ms since epoch; never before an earlier one. */
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

  /** The step since this was last asked; null: there was none. */
  takeStep(): ClockStep | null {
    const step = this.#step === null ? null : { ...this.#step, aheadMs: this.#ahead };
    this.#step = null;
    this.#ahead = 0;
    return step;
  }
}
