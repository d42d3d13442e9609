import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { StatePart } from "../detector.ts";

/** Indices of the state. */
const SEEN = 0;
/** Event time of the first value of the stretch, ms, and its number. */
const SINCE = 1;
const FIRST = 2;
const NUMBERS = 3;

/** Most extremes that are kept, of each kind. */
const MOST = 32;

/** Bytes of a {@link SteadyStretch}. */
export function stretchBytes(tolerance: number): number {
  return 3 * OBJECT_BYTES + float64Bytes(NUMBERS + 6 * mostFor(tolerance));
}

/** Without a tolerance all values of a stretch are equal. */
function mostFor(tolerance: number): number {
  return tolerance === 0 ? 1 : MOST;
}

/**
 * The longest stretch of the newest values of which no two differ by more than a tolerance.
 *
 * It keeps the lowest value, the lowest one after that, and so on to the newest, and the same for the highest: a
 * new value ends the part of the stretch up to the last one from which it differs too much. After 32 of either
 * kind it joins the oldest two, so a slow drift may give a shorter stretch, never a longer one.
 *
 * O(1) a value on average, no allocation.
 */
export class SteadyStretch {
  readonly #most: number;
  readonly #state: Float64Array;
  readonly #low: Extremes;
  readonly #high: Extremes;

  /**
   * @param tolerance As configured.
   * @param most The same with an allowance for rounding.
   */
  constructor(tolerance: number, most: number) {
    this.#most = most;
    this.#state = Float64Array.of(0, Number.NaN, 1);
    this.#low = new Extremes(mostFor(tolerance), 1);
    this.#high = new Extremes(mostFor(tolerance), -1);
  }

  /** Number of values so far. */
  get seen(): number {
    return this.#state[SEEN] as number;
  }

  /** Event time of its first value, ms; NaN before the first. */
  get since(): number {
    return this.#state[SINCE] as number;
  }

  /** Number of its values. */
  get values(): number {
    return this.seen - (this.#state[FIRST] as number) + 1;
  }

  /** Adds the next value. */
  add(value: number, time: number): void {
    const state = this.#state;
    const number = this.seen + 1;
    state[SEEN] = number;
    if (number === 1) state[SINCE] = time;
    this.#low.follow(time, number);
    this.#high.follow(time, number);
    this.#cut(this.#low, value);
    this.#cut(this.#high, value);
    const first = state[FIRST] as number;
    this.#low.drop(first);
    this.#high.drop(first);
    this.#low.push(value);
    this.#high.push(value);
  }

  part(): StatePart {
    return {
      name: "state",
      version: this.seen,
      save: (writer) => {
        writer.f64s(this.#state);
        this.#low.save(writer);
        this.#high.save(writer);
      },
      load: (reader) => this.#load(reader),
    };
  }

  /** Begins the stretch after the last extreme from which the value differs too much. */
  #cut(extremes: Extremes, value: number): void {
    const after = extremes.lastBeyond(value, this.#most);
    if (after < 0) return;
    const number = extremes.nextNumber(after);
    if (number <= (this.#state[FIRST] as number)) return;
    this.#state[FIRST] = number;
    this.#state[SINCE] = extremes.nextTime(after);
  }

  #load(reader: StateReader): void {
    if (reader.remaining === OLD_BYTES) {
      const [seen, since, low, high, values] = Array.from({ length: 5 }, () => reader.f64());
      this.#state.set([seen as number, since as number, (seen as number) - (values as number) + 1]);
      if (Number.isNaN(low)) return;
      this.#low.push(low as number);
      this.#high.push(high as number);
      return;
    }
    reader.f64s(this.#state);
    this.#low.load(reader);
    this.#high.load(reader);
  }
}

/** Size of a state from before extremes were kept: it has the lowest and the highest value only. */
const OLD_BYTES = 40;

/** The most extreme value of a stretch, the most extreme one after it, and so on to the newest. */
class Extremes {
  readonly #sign: number;
  readonly #values: Float64Array;
  /** Time and number of the value after each; those of the newest follow. */
  readonly #nextTimes: Float64Array;
  readonly #nextNumbers: Float64Array;
  #length = 0;

  /** @param sign 1: lowest values; -1: highest. */
  constructor(most: number, sign: number) {
    this.#sign = sign;
    this.#values = new Float64Array(most);
    this.#nextTimes = new Float64Array(most);
    this.#nextNumbers = new Float64Array(most);
  }

  nextTime(index: number): number {
    return this.#nextTimes[index] as number;
  }

  nextNumber(index: number): number {
    return this.#nextNumbers[index] as number;
  }

  /** The value after the newest one has this time and number. */
  follow(time: number, number: number): void {
    if (this.#length === 0) return;
    this.#nextTimes[this.#length - 1] = time;
    this.#nextNumbers[this.#length - 1] = number;
  }

  /** Index of the last one that lies beyond `value` by more than `most`; -1: none. */
  lastBeyond(value: number, most: number): number {
    let last = -1;
    while (
      last + 1 < this.#length &&
      this.#sign * (value - (this.#values[last + 1] as number)) > most
    ) {
      last += 1;
    }
    return last;
  }

  /** Drops values with numbers below `first`. */
  drop(first: number): void {
    let kept = 0;
    while (kept < this.#length && (this.#nextNumbers[kept] as number) <= first) kept += 1;
    if (kept > 0) this.#shift(kept);
  }

  push(value: number): void {
    while (
      this.#length > 0 &&
      this.#sign * ((this.#values[this.#length - 1] as number) - value) >= 0
    ) {
      this.#length -= 1;
    }
    if (this.#length === this.#values.length) this.#join();
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#length);
    writer.f64s(this.#values, 0, this.#length);
    writer.f64s(this.#nextTimes, 0, this.#length);
    writer.f64s(this.#nextNumbers, 0, this.#length);
  }

  load(reader: StateReader): void {
    const length = reader.u32();
    if (length > this.#values.length) throw new RangeError(`${length} extremes do not fit`);
    this.#length = length;
    reader.f64s(this.#values, 0, length);
    reader.f64s(this.#nextTimes, 0, length);
    reader.f64s(this.#nextNumbers, 0, length);
  }

  /** Joins the oldest two: the value of the first, the place of the second. */
  #join(): void {
    const value = this.#values[0] as number;
    this.#shift(1);
    if (this.#length > 0) this.#values[0] = value;
  }

  #shift(count: number): void {
    this.#values.copyWithin(0, count, this.#length);
    this.#nextTimes.copyWithin(0, count, this.#length);
    this.#nextNumbers.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
