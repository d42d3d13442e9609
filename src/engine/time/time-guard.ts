import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import { CommonTime } from "./common-time.ts";
import { BEHIND, HOLDS, LAGS, LEADS, NEW, REPEATS, SensorTimes, SINGLE } from "./sensor-times.ts";

/** Readings in a row in the past by more than the limit after which the clock counts as set. */
const STEP_READINGS = 3;

/** Verdicts on a reading; those from {@link REPEATED} on are rare. */
const IN_ORDER = 0;
/** Older than the sensor's previous reading. */
export const LATE = 1;
/** Late, as the first reading of an hour that repeats. */
export const REPEATED = 2;
/** In order, and the watermark fell or leapt with it. */
export const MOVED = 3;
/** The clock of the sensor was set: its time starts anew here. */
export const SET = 4;
/** In order, and it is certain now that the sensor runs ahead of the others, or that it no longer does. */
export const LEAD_CHANGES = 5;
/** Too far ahead: hold it until the sensor's next reading. */
export const AHEAD = 6;
/** Confirms the held reading: release that one, then judge this one again. */
export const CONFIRMS = 7;
/** Contradicts the held reading: reject that one, then judge this one again. */
const CONTRADICTS = 8;
/** Confirms the held reading of {@link TimeGuard.agreeing}: release that one, then judge this one again. */
export const AGREES = 9;

const YEAR_MS = 365 * 86_400_000;
/** A leap of the only sensor, or of all, is a clock that was set if the next gap is this much shorter. */
const SHORTER = 100;

/**
 * Decides which time of a reading is believed. A reading too far ahead of all that is known is held until the
 * next reading of its sensor confirms or contradicts it. A sensor that goes on in the past has had its clock
 * set: its time starts anew.
 *
 * O(1) a reading, no allocation; O(keys) when the watermark falls or leaps.
 */
export class TimeGuard {
  readonly #times = new SensorTimes();
  /** The time of all keys. */
  readonly common = new CommonTime(this.#times);
  #eventTime = Number.NaN;
  #setFrom = Number.NaN;
  #agreeing = -1;

  /** Limit of every sensor, ms; null: the larger of one day and 100 of the sensor's intervals. */
  set maxJump(ms: number | null) {
    this.#times.maxJump = ms;
  }

  /** Event time of the reading that was judged or released last, ms. */
  get eventTime(): number {
    return this.#eventTime;
  }

  /** Last believed time of the key whose clock was set last, before it was set, ms. */
  get setFrom(): number {
    return this.#setFrom;
  }

  /** Key whose held reading the last reading that was judged agrees with. */
  get agreeing(): number {
    return this.#agreeing;
  }

  /** Last believed event times of the first `keys` keys, ms; -Infinity: none. Not a copy. */
  lastTimes(keys: number): Float64Array {
    if (keys > 0) this.#times.use(keys - 1);
    return this.#times.last.subarray(0, keys);
  }

  /** Whether a sensor runs ahead of the watermark by more than its limit. */
  leads(key: number): boolean {
    return this.#times.has(key, LEADS);
  }

  /** Time that a reading of the key may not exceed by more than its limit, ms. */
  reach(key: number): number {
    return Math.max(this.#times.last[key] as number, this.common.now);
  }

  /** Judges the next reading. Unless it is to be held, or a held one comes first, its time is believed now. */
  judge(key: number, time: number): number {
    const times = this.#times;
    const { common } = this;
    if (key >= times.size) times.use(key);
    const last = times.last[key] as number;
    if (
      times.flags[key] === 0 &&
      common.isStarted &&
      time >= last &&
      time - common.now <= times.leastLimit
    ) {
      times.follow(key, time - last);
      times.last[key] = time;
      this.#eventTime = time;
      common.advance(time);
      return IN_ORDER;
    }
    return this.#judgeRare(key, time, last);
  }

  /**
   * Believes the held reading of a key, which its next reading confirms.
   *
   * @param next Time of that reading, ms.
   * @returns {@link SET}, {@link MOVED} or a lower verdict.
   */
  release(key: number, next: number): number {
    const times = this.#times;
    const time = times.held[key] as number;
    const last = times.last[key] as number;
    const { offset } = this.common;
    const wasSet = times.has(key, LAGS) && times.began[key] === Number.POSITIVE_INFINITY;
    const isSet = wasSet || this.#isFirstSet(key, time, last, next);
    this.#takeHeld(key, last);
    // one gap says nothing about the interval, two in a row do
    times.follow(key, Math.min(time - last, next - time));
    this.#believe(key, time);
    if (isSet) times.began[key] = time;
    if (isSet) return SET;
    return this.common.offset === offset ? IN_ORDER : MOVED;
  }

  /**
   * Believes the held reading of a key, with which the first reading of another one agrees: the first reading of
   * the stream was far behind.
   *
   * @returns {@link SET} or {@link MOVED}.
   */
  outvoteStart(key: number): number {
    const times = this.#times;
    const time = times.held[key] as number;
    const last = times.last[key] as number;
    this.#takeHeld(key, last);
    this.common.outvoteStart(time);
    this.#believe(key, time);
    if (last === Number.NEGATIVE_INFINITY) return MOVED;
    times.began[key] = time;
    return SET;
  }

  #takeHeld(key: number, last: number): void {
    this.#times.clear(key, HOLDS | BEHIND | LAGS);
    this.#times.behind[key] = 0;
    this.#setFrom = last;
  }

  /** Whether a leap of more than a year, soon after the first reading, shows that the clock was not set before. */
  #isFirstSet(key: number, time: number, last: number, next: number): boolean {
    const times = this.#times;
    const isNew = last - (times.began[key] as number) <= times.leastLimit;
    return (
      !times.has(key, NEW) && isNew && time - last > Math.max(YEAR_MS, SHORTER * (next - time))
    );
  }

  /** Forgets the held reading of a key. */
  forget(key: number): void {
    this.#times.clear(key, HOLDS);
  }

  /** @param keys Number of keys; codes are below it. */
  save(writer: StateWriter, keys: number): void {
    this.#times.save(writer, keys);
    this.common.save(writer);
  }

  /** Restores what {@link save} wrote, after {@link place}. */
  load(reader: StateReader, keys: number): void {
    this.#times.load(reader, keys);
    this.common.load(reader);
  }

  /** Takes the watermark and the last times of all keys as given. For a new guard. */
  place(watermark: number, lastTimes: Float64Array): void {
    this.#times.place(lastTimes);
    this.common.place(watermark);
  }

  #judgeRare(key: number, time: number, last: number): number {
    const times = this.#times;
    const limit = times.limit(key);
    if (times.has(key, HOLDS)) {
      return time >= (times.held[key] as number) - limit ? CONFIRMS : CONTRADICTS;
    }
    const reach = this.reach(key);
    if (time - reach > limit && reach > Number.NEGATIVE_INFINITY) {
      return this.#judgeAhead(key, time, last);
    }
    if (time < last - limit) return this.#judgeBehind(key, time, last);
    times.behind[key] = 0;
    times.clear(key, BEHIND | SINGLE);
    if (time >= last) return this.#judgeForward(key, time, last);
    this.#eventTime = last;
    if (times.has(key, REPEATS) || !times.repeatsHour(key, time)) return LATE;
    times.set(key, REPEATS);
    return REPEATED;
  }

  /** A reading too far ahead of all that is known. */
  #judgeAhead(key: number, time: number, last: number): number {
    const times = this.#times;
    const limit = times.limit(key);
    this.#agreeing = this.common.isStarted ? -1 : times.findHeld(time, limit);
    if (this.#agreeing >= 0) return AGREES;
    if (this.common.leapToward(time, limit)) {
      const verdict = this.#judgeRare(key, time, last);
      return verdict === IN_ORDER ? MOVED : verdict;
    }
    times.held[key] = time;
    times.set(key, HOLDS);
    return AHEAD;
  }

  /** A reading in the past by more than the limit. */
  #judgeBehind(key: number, time: number, last: number): number {
    const times = this.#times;
    const behind = (times.behind[key] as number) + 1;
    if (!times.has(key, SINGLE) && behind < STEP_READINGS) {
      times.behind[key] = behind;
      times.set(key, BEHIND);
      this.#eventTime = last;
      return LATE;
    }
    times.behind[key] = 0;
    times.clear(key, BEHIND | SINGLE);
    times.set(key, LAGS);
    times.began[key] = Number.POSITIVE_INFINITY;
    times.last[key] = time;
    this.#eventTime = time;
    this.#setFrom = last;
    this.common.setBack(key, time, last);
    return SET;
  }

  #judgeForward(key: number, time: number, last: number): number {
    const times = this.#times;
    const { offset } = this.common;
    const limit = times.limit(key);
    const isNear = time >= this.common.watermark - limit;
    const isCorrected = times.has(key, LAGS) && time - last > limit && isNear;
    const wasReported = this.common.isReported(key);
    times.clear(key, REPEATS);
    this.#setFrom = last;
    times.follow(key, time - last);
    this.#believe(key, time);
    if (isCorrected) times.began[key] = time;
    if (isCorrected) return SET;
    if (this.common.reportLead(key) || (wasReported && !this.leads(key))) return LEAD_CHANGES;
    return this.common.offset === offset ? IN_ORDER : MOVED;
  }

  /** Takes `time` as the key's newest time. */
  #believe(key: number, time: number): void {
    const times = this.#times;
    times.last[key] = time;
    this.#eventTime = time;
    const limit = times.limit(key);
    const isBehind = time < this.common.watermark - limit;
    if (times.has(key, NEW)) {
      times.clear(key, NEW);
      times.set(key, isBehind ? SINGLE | LAGS : SINGLE);
      times.began[key] = time;
    } else if (!isBehind || time - (times.began[key] as number) > times.leastLimit) {
      times.clear(key, LAGS);
    }
    this.common.believe(key, time);
  }
}
