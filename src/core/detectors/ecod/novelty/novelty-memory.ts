import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../../units/object-bytes.ts";

const START_INTERVALS = 5; // intervals allowed to cover the start-up values
const SLACK = 1.25; // maximum length of an interval, as a multiple of the length in that cover
const CAPACITY = 64;
const BISECTIONS = 40;

/**
 * The visited regions of one raw column. A reading in a new region is novel exactly once.
 *
 * Cost: at most 64 comparisons per reading.
 */
export class NoveltyMemory {
  #startValues: number[] | null = [];
  readonly #low = new Float64Array(CAPACITY);
  readonly #high = new Float64Array(CAPACITY);
  readonly #used = new Float64Array(CAPACITY);
  #intervals = 0;
  #reach = Number.NaN; // longest allowed interval; NaN until opened
  #count = 0;
  #events = 0;

  /** Bytes held now, about. */
  get bytes(): number {
    return noveltyMemoryBytes(this.#startValues?.length ?? 0);
  }

  /**
   * Learns `value` and returns its novelty.
   *
   * @param value NaN (missing) changes nothing.
   * @param observation 0-based number of this observation.
   * @returns 0 in a known region and before {@link open}; else nats, minus the log of Laplace's
   * estimate of how often a new region is entered.
   */
  observe(value: number, observation: number): number {
    if (Number.isNaN(value)) return 0;
    this.#count += 1;
    if (Number.isNaN(this.#reach)) {
      this.#startValues?.push(value);
      return 0;
    }
    const nearest = this.#nearest(value);
    if (this.#lengthWith(nearest, value) <= this.#reach) {
      this.#low[nearest] = Math.min(this.#low[nearest] as number, value);
      this.#high[nearest] = Math.max(this.#high[nearest] as number, value);
      this.#used[nearest] = observation;
      return 0;
    }
    const nats = Math.log(this.#count / (this.#events + 1));
    this.#events += 1;
    const slot = this.#intervals < CAPACITY ? this.#intervals++ : this.#leastRecentlyUsed();
    this.#low[slot] = value;
    this.#high[slot] = value;
    this.#used[slot] = observation;
    return nats;
  }

  /** Ends the start-up: covers all values so far with few short intervals. Stays closed without values. */
  open(observation: number): void {
    const values = Float64Array.from(this.#startValues ?? []).sort();
    this.#startValues = null;
    if (values.length === 0) return;
    const first = values[0] as number;
    const span = (values[values.length - 1] as number) - first;
    let longest = 0;
    if (span > 0) {
      longest = shortestCover(values, span);
      this.#reach = longest * SLACK;
    } else {
      this.#reach = 0.01 * Math.abs(first);
    }
    for (const value of values) {
      const last = this.#intervals - 1;
      if (last < 0 || value - (this.#low[last] as number) > longest) {
        this.#low[this.#intervals] = value;
        this.#high[this.#intervals] = value;
        this.#used[this.#intervals] = observation;
        this.#intervals += 1;
      } else {
        this.#high[last] = value;
      }
    }
  }

  save(writer: StateWriter): void {
    const start = this.#startValues;
    writer.bool(start !== null);
    writer.u32(start?.length ?? 0);
    if (start !== null) writer.f64s(Float64Array.from(start));
    writer.u32(this.#intervals);
    for (const column of [this.#low, this.#high, this.#used]) {
      writer.f64s(column, 0, this.#intervals);
    }
    writer.f64(this.#reach);
    writer.f64(this.#count);
    writer.f64(this.#events);
  }

  load(reader: StateReader): void {
    const open = !reader.bool();
    const start = new Float64Array(reader.u32());
    reader.f64s(start);
    this.#startValues = open ? null : Array.from(start);
    const intervals = reader.u32();
    if (intervals > CAPACITY) throw new RangeError(`Saved novelty memory has ${intervals} regions`);
    this.#intervals = intervals;
    for (const column of [this.#low, this.#high, this.#used]) reader.f64s(column, 0, intervals);
    this.#reach = reader.f64();
    this.#count = reader.f64();
    this.#events = reader.f64();
  }

  /** The first interval that contains `value`, else the one that would be shortest with it. */
  #nearest(value: number): number {
    let nearest = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#intervals; i++) {
      if ((this.#low[i] as number) <= value && value <= (this.#high[i] as number)) return i;
      const length = this.#extended(i, value);
      if (length < shortest) {
        shortest = length;
        nearest = i;
      }
    }
    return nearest;
  }

  #lengthWith(i: number, value: number): number {
    const inside = (this.#low[i] as number) <= value && value <= (this.#high[i] as number);
    return inside ? 0 : this.#extended(i, value);
  }

  #extended(i: number, value: number): number {
    return Math.max(this.#high[i] as number, value) - Math.min(this.#low[i] as number, value);
  }

  #leastRecentlyUsed(): number {
    let oldest = 0;
    for (let i = 1; i < this.#intervals; i++) {
      if ((this.#used[i] as number) < (this.#used[oldest] as number)) oldest = i;
    }
    return oldest;
  }
}

/** Bytes of a memory that keeps `startValues` values until it opens, about. */
export function noveltyMemoryBytes(startValues: number): number {
  return 3 * float64Bytes(CAPACITY) + OBJECT_BYTES + 8 * startValues;
}

/** Smallest interval length with which few intervals cover the sorted values, by bisection. */
function shortestCover(values: Float64Array, span: number): number {
  let low = 0;
  let high = span / START_INTERVALS;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = 0.5 * (low + high);
    if (intervalsNeeded(values, middle) <= START_INTERVALS) high = middle;
    else low = middle;
  }
  return high;
}

/** Fewest intervals of this length that cover the sorted values; greedy from the left is optimal. */
function intervalsNeeded(values: Float64Array, length: number): number {
  let needed = 0;
  let start = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value - start > length) {
      needed += 1;
      start = value;
    }
  }
  return needed;
}
