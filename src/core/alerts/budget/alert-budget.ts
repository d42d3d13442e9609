import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";
import { IncidentTail, TAIL_BYTES, type TailLevels } from "./incident-tail.ts";
import { CHANGE, INTERVAL_BYTES, ReadingInterval } from "./reading-interval.ts";

/** A week, s. */
const WEEK = 604_800;
/** Interval of a sensor of which none is known, s. */
const UNKNOWN_INTERVAL = 60;
/** Nats above the level: of the bar at first, more for each reported incident, and at least. */
const FIRST_BAR = 1;
const RAISE = 1;
const LOWEST_BAR = -1;
/** Nats below the level down to which readings belong to an incident. */
const OPEN_BELOW = 2;
/** Nats by which the rarest of three readings can exceed the second rarest. */
const ALONE = 4;
const LN_20 = Math.log(20);
const LN_1000 = Math.log(1000);

/** Indices of the state, in nats but for the time: largest of a scored reading so far, s; -Infinity before the first. */
const TIME = 0;
/** Nats of the bar above the level now. */
const RAISED = 1;
/** Rarity of the newest three readings, the oldest first. */
const W = 2;
/** Rarity of the newest reading by two of three, and of its incident. */
const V = 5;
const Q = 6;
const BAR = 7;
/** Of the last reported incident: its bar, and the most nats above it. */
const TOLD_BAR = 8;
const EXCESS = 9;
const NUMBERS = 10;

const OWN_BYTES = 3 * OBJECT_BYTES + float64Bytes(NUMBERS) + INTERVAL_BYTES;

/** Bytes of an {@link AlertBudget} that remembers few incidents, as most do. */
export const BUDGET_BYTES = OWN_BYTES + TAIL_BYTES;

/** What a reading is to an incident: nothing; the one that reports it; a later one of a reported incident. */
export const NOTHING = 0;
export const TOLD = 1;
const OPEN = 2;

/**
 * Decides which incidents of a sensor are reported, so that there are about `perWeek` a week if the sensor is healthy. The level
 * follows from the interval between its readings. Each reported incident raises the bar by one nat; with time it sinks again.
 * See `docs/detector-spec.md`, section 11.
 *
 * O(1) per reading; allocates only while the memory of incidents grows, and when the interval changes.
 */
export class AlertBudget {
  readonly #perWeek: number;
  /** Null: the interval is given. */
  readonly #intervals: ReadingInterval | null;
  readonly #tail = new IncidentTail();
  readonly #now = new Float64Array(NUMBERS);
  #interval = Number.NaN;
  #level = Number.NaN;
  #levels: TailLevels = { from: LN_20, cap: 1, gap: 3 };
  #isOpen = false;
  #isTold = false;
  #quiet = 0;

  /**
   * @param perWeek Incidents a week, > 0.
   * @param interval Seconds between readings, > 0; null: measured.
   */
  constructor(perWeek: number, interval: number | null = null) {
    this.#perWeek = perWeek;
    this.#now[TIME] = Number.NEGATIVE_INFINITY;
    this.#now[RAISED] = FIRST_BAR;
    this.#intervals = interval === null ? new ReadingInterval() : null;
    if (interval !== null) this.#use(interval);
  }

  /** Bytes held now. */
  get bytes(): number {
    return OWN_BYTES + this.#tail.bytes;
  }

  /** Seconds between readings, from which the level follows; NaN before the first scored reading. */
  get interval(): number {
    return this.#interval;
  }

  /** Rarity of an incident that happens as often as the budget says, nats; NaN before the first scored reading. */
  get level(): number {
    return this.#level;
  }

  /** Nats by which the bar is above the level now; below 0 after a long quiet time. */
  get raised(): number {
    return this.#now[RAISED] as number;
  }

  /** Rarity of a reading at which an incident is remembered, nats. */
  get from(): number {
    return this.#levels.from;
  }

  /** Readings without a sign of the incident after which it is over. */
  get gap(): number {
    return this.#levels.gap;
  }

  /** Rarity of the incident of the last scored reading, nats. */
  get q(): number {
    return this.#now[Q] as number;
  }

  /** Rarity from which an incident was reported at the last scored reading, nats. */
  get bar(): number {
    return this.#now[BAR] as number;
  }

  /** The most nats so far by which the last reported incident exceeds the bar at which it was reported. */
  get excess(): number {
    return this.#now[EXCESS] as number;
  }

  /** Whether there is an incident, reported or not. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether a reported incident goes on. */
  get isReported(): boolean {
    return this.#isOpen && this.#isTold;
  }

  /** Whether the last scored reading by itself is as rare as those of incidents. */
  get isRare(): boolean {
    return (this.#now[W + 2] as number) >= this.#level - OPEN_BELOW;
  }

  /** Rarity from which the last scored reading is part of a reported incident: its own bar while it lasts, nats. */
  get limit(): number {
    return this.#now[this.isReported ? TOLD_BAR : BAR] as number;
  }

  /** Nats by which the incident of the last scored reading exceeds the {@link limit}; below 0: falls short of it. */
  get margin(): number {
    return (this.#now[Q] as number) - this.limit;
  }

  /** Rarity of a reading whose incident would reach the {@link limit}, nats, if the reading before it is as rare. */
  get boundary(): number {
    return this.#tail.readingAt(this.limit, this.#levels);
  }

  /** Takes the reading `i`, which has no score. @param times Event times, ms. */
  see(times: Float64Array, i: number): void {
    this.#intervals?.see(times, i);
  }

  /**
   * Takes the scored reading `i`.
   *
   * @param times Event times, ms.
   * @param ps Tail probabilities, > 0.
   * @returns {@link NOTHING}, {@link TOLD} or {@link OPEN}.
   */
  observe(times: Float64Array, ps: Float64Array, i: number): number {
    this.#setInterval(times, i);
    const now = this.#now;
    const time = (times[i] as number) / 1000;
    const last = now[TIME] as number;
    if (time > last) {
      now[TIME] = time;
      if (last !== Number.NEGATIVE_INFINITY) this.#sink((time - last) / WEEK);
    }
    now[W] = now[W + 1] as number;
    now[W + 1] = now[W + 2] as number;
    now[W + 2] = 0 - Math.log(ps[i] as number);
    this.#writeRarity();
    this.#tail.observe(now, V, Q, this.#levels);
    now[BAR] = this.#level + (now[RAISED] as number);
    return this.#judge();
  }

  save(writer: StateWriter): void {
    writer.f64(this.#perWeek);
    this.#intervals?.save(writer);
    writer.f64(this.#interval);
    this.#tail.save(writer);
    writer.bool(this.#isOpen);
    writer.bool(this.#isTold);
    writer.u32(this.#quiet);
    writer.f64s(this.#now);
  }

  /**
   * Continues what {@link save} wrote, perhaps with another budget: then the memory of incidents starts anew.
   *
   * @throws {RangeError} If the bytes do not fit.
   */
  load(reader: StateReader): void {
    const perWeek = reader.f64();
    this.#intervals?.load(reader);
    const interval = reader.f64();
    if (!Number.isNaN(interval)) this.#use(interval);
    this.#tail.load(reader, this.#levels.cap);
    this.#isOpen = reader.bool();
    this.#isTold = reader.bool();
    this.#quiet = reader.u32();
    reader.f64s(this.#now);
    if (perWeek !== this.#perWeek) this.#tail.clear(this.#levels.cap);
  }

  #setInterval(times: Float64Array, i: number): void {
    const intervals = this.#intervals;
    if (intervals === null) return;
    intervals.see(times, i);
    if (intervals.isDue || Number.isNaN(this.#interval)) this.#measure(intervals);
  }

  #measure(intervals: ReadingInterval): void {
    const known = this.#interval;
    const measured = intervals.measure(known);
    const interval = Number.isNaN(measured) ? UNKNOWN_INTERVAL : measured;
    if (!(interval >= known / CHANGE && interval <= known * CHANGE)) this.#use(interval);
  }

  /** The incidents so far belong to another interval: forgets them. */
  #use(interval: number): void {
    this.#interval = interval;
    const perIncident = WEEK / interval / this.#perWeek; // readings
    this.#level = Math.max(Math.log(perIncident), LN_20);
    const from = Math.min(LN_1000, Math.max(this.#level - OPEN_BELOW, LN_20));
    const cap = Math.max(this.#level - from, 1);
    this.#levels = { from, cap, gap: Math.floor(Math.min(50, Math.max(3, perIncident / 8))) };
    this.#tail.clear(cap);
  }

  /** Lets the bar sink with time. */
  #sink(weeks: number): void {
    const now = this.#now;
    now[RAISED] = Math.max(LOWEST_BAR, (now[RAISED] as number) - this.#perWeek * weeks);
  }

  /** Two of three: a single rare reading counts little more than the second rarest. */
  #writeRarity(): void {
    const now = this.#now;
    const a = now[W] as number;
    const b = now[W + 1] as number;
    const c = now[W + 2] as number;
    const larger = Math.max(a, b);
    const second = Math.max(Math.min(a, b), Math.min(larger, c));
    now[V] = Math.max(0, Math.min(Math.max(larger, c), second + ALONE));
  }

  #judge(): number {
    const now = this.#now;
    const q = now[Q] as number;
    if (q < this.#level - OPEN_BELOW) {
      if (!this.#isOpen) return NOTHING;
      this.#quiet += 1;
      this.#isOpen = this.#quiet < this.#levels.gap;
      return NOTHING;
    }
    if (!this.#isOpen) this.#isTold = false;
    this.#isOpen = true;
    this.#quiet = 0;
    if (this.#isTold) {
      now[EXCESS] = Math.max(now[EXCESS] as number, q - (now[TOLD_BAR] as number));
      return OPEN;
    }
    const bar = now[BAR] as number;
    if (q < bar) return NOTHING;
    this.#isTold = true;
    now[TOLD_BAR] = bar;
    now[EXCESS] = q - bar;
    now[RAISED] = (now[RAISED] as number) + RAISE;
    return TOLD;
  }
}
