import type { StateReader, StateWriter } from "../../core/state-codec.ts";

const DAY_MS = 86_400_000;
/** The limit of a key is at least this many of its intervals, of at most 36 days. */
const INTERVALS = 100;
const MOST_INTERVAL_MS = 36 * DAY_MS;

/** Flags of a key; 0: its last reading was in order, and it is not the only one. */
export const NEW = 1;
/** It has had one reading. */
export const SINGLE = 2;
/** A reading of it is held. */
export const HOLDS = 4;
/** It runs ahead of the watermark by more than its limit. */
export const LEADS = 8;
/** Its last readings were in the past by more than its limit. */
export const BEHIND = 16;
/**
 * It is behind the watermark by more than its limit because its clock is wrong: the clock was set back, or the sensor
 * began so not long ago. A leap to the watermark corrects it.
 */
export const LAGS = 32;
/** Its time went back by an hour, and has not come to where it was. */
export const REPEATS = 64;

const HOUR_MS = 3_600_000;

/** The times of each key, in columns by key code. */
export class SensorTimes {
  /** Last believed event time, ms; -Infinity: none. */
  last = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  /** Time of the held reading, ms. */
  held = new Float64Array(64);
  flags = new Uint8Array(64).fill(NEW);
  /** Readings in a row in the past by more than the limit. */
  behind = new Uint8Array(64);
  /** Where its time began, ms; Infinity: its clock was set there. */
  began = new Float64Array(64);
  /** Usual time between two readings, ms; 0: unknown. */
  #intervals = new Float64Array(64);
  #size = 0;
  /** Limit of every key, ms; null: the larger of one day and 100 intervals of the key. */
  maxJump: number | null = null;

  /** Number of keys that were used; codes are below it. */
  get size(): number {
    return this.#size;
  }

  /** Least limit of a key, ms. */
  get leastLimit(): number {
    return this.maxJump ?? DAY_MS;
  }

  /** How far ahead a reading of the key may be, ms. */
  limit(key: number): number {
    if (this.maxJump !== null) return this.maxJump;
    const interval = Math.min(this.#intervals[key] as number, MOST_INTERVAL_MS);
    return Math.max(DAY_MS, INTERVALS * interval);
  }

  has(key: number, flag: number): boolean {
    return ((this.flags[key] as number) & flag) !== 0;
  }

  set(key: number, flag: number): void {
    this.flags[key] = (this.flags[key] as number) | flag;
  }

  clear(key: number, flag: number): void {
    this.flags[key] = (this.flags[key] as number) & ~flag;
  }

  /** Whether a late time repeats an hour: it is where local time goes when summer time ends. */
  repeatsHour(key: number, time: number): boolean {
    const interval = this.#intervals[key] as number;
    const back = (this.last[key] as number) + interval - time;
    const isHour = Math.abs(back - HOUR_MS) <= Math.min(interval, HOUR_MS / 4);
    // some zones are half an hour apart
    return isHour && interval <= HOUR_MS / 2 && time % (HOUR_MS / 2) <= interval;
  }

  /** A key with a held reading near `time`; -1: none. O(keys). */
  findHeld(time: number, limit: number): number {
    for (let key = 0; key < this.#size; key++) {
      if (this.has(key, HOLDS) && Math.abs((this.held[key] as number) - time) <= limit) return key;
    }
    return -1;
  }

  /** The interval of a key follows the median of the gaps: a single gap at most doubles or halves it. */
  follow(key: number, gap: number): void {
    if (!(gap > 0 && gap < Number.POSITIVE_INFINITY)) return;
    const usual = this.#intervals[key] as number;
    if (usual === 0) this.#intervals[key] = gap;
    else if (gap > usual) this.#intervals[key] = Math.min(gap, 2 * usual);
    else if (gap < usual) this.#intervals[key] = Math.max(gap, usual / 2);
  }

  /** Makes room for a key. */
  use(key: number): void {
    if (key >= this.#size) this.#size = key + 1;
    if (key < this.last.length) return;
    const size = Math.max(key + 1, this.last.length * 2);
    this.last = grown(this.last, new Float64Array(size).fill(Number.NEGATIVE_INFINITY));
    this.held = grown(this.held, new Float64Array(size));
    this.began = grown(this.began, new Float64Array(size));
    this.flags = grown(this.flags, new Uint8Array(size).fill(NEW));
    this.behind = grown(this.behind, new Uint8Array(size));
    this.#intervals = grown(this.#intervals, new Float64Array(size));
  }

  /** Takes the last times of all keys as given. For a new object. */
  place(lastTimes: Float64Array): void {
    if (lastTimes.length > 0) this.use(lastTimes.length - 1);
    this.last.set(lastTimes);
    this.began.fill(Number.NEGATIVE_INFINITY, 0, lastTimes.length); // long ago
    for (let key = 0; key < lastTimes.length; key++) {
      this.flags[key] = lastTimes[key] === Number.NEGATIVE_INFINITY ? NEW : 0;
    }
  }

  /** Writes what {@link place} does not restore. @param keys Number of keys, at most {@link size}. */
  save(writer: StateWriter, keys: number): void {
    writer.f64s(this.#intervals, 0, keys);
    writer.f64s(this.held, 0, keys);
    writer.f64s(this.began, 0, keys);
    for (let key = 0; key < keys; key++) {
      writer.u32((this.flags[key] as number) + 256 * (this.behind[key] as number));
    }
  }

  /** Restores what {@link save} wrote, after {@link place}. */
  load(reader: StateReader, keys: number): void {
    reader.f64s(this.#intervals, 0, keys);
    reader.f64s(this.held, 0, keys);
    reader.f64s(this.began, 0, keys);
    for (let key = 0; key < keys; key++) {
      const both = reader.u32();
      this.flags[key] = both % 256;
      this.behind[key] = Math.floor(both / 256);
    }
  }
}

function grown<T extends Float64Array | Uint8Array>(old: T, target: T): T {
  target.set(old);
  return target;
}
