import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../../units/object-bytes.ts";
import { withRoom } from "../with-room.ts";

const START_INTERVALS = 5; // intervals allowed to cover the start-up values
const SLACK = 1.25; // maximum length of an interval, as a multiple of the length in that cover
const CAPACITY = 64;
/** Intervals for which most columns need room. */
const TYPICAL_INTERVALS = 32;
const BISECTIONS = 40;
/** Numbers of an interval, and their places. */
const WIDTH = 3;
const LOW = 0;
const HIGH = 1;
const USED = 2;
const NONE = new Float64Array(0);

/**
 * The visited regions of one raw column. A reading in a new region is novel exactly once.
 *
 * Cost: at most 64 comparisons per reading.
 */
export class NoveltyMemory {
  #startValues: number[] | null = [];
  /** Low and high end of each interval and the observation that used it last, with room for more intervals. */
  #cells = NONE;
  #intervals = 0;
  #reach = Number.NaN; // longest allowed interval; NaN until opened
  #count = 0;
  #events = 0;

  /** Bytes held now, about. */
  get bytes(): number {
    return memoryBytes(this.#startValues?.length ?? 0, this.#cells.length);
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
      const cells = this.#cells;
      cells[nearest + LOW] = Math.min(cells[nearest + LOW] as number, value);
      cells[nearest + HIGH] = Math.max(cells[nearest + HIGH] as number, value);
      cells[nearest + USED] = observation;
      return 0;
    }
    const nats = Math.log(this.#count / (this.#events + 1));
    this.#events += 1;
    if (this.#intervals < CAPACITY) this.#add(value, observation);
    else this.#put(this.#leastRecentlyUsed(), value, observation);
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
      const last = (this.#intervals - 1) * WIDTH;
      if (last < 0 || value - (this.#cells[last + LOW] as number) > longest) {
        this.#add(value, observation);
      } else {
        this.#cells[last + HIGH] = value;
      }
    }
  }

  save(writer: StateWriter): void {
    const start = this.#startValues;
    writer.bool(start !== null);
    writer.u32(start?.length ?? 0);
    if (start !== null) writer.f64s(Float64Array.from(start));
    writer.u32(this.#intervals);
    for (let column = 0; column < WIDTH; column++) {
      for (let i = 0; i < this.#intervals; i++) {
        writer.f64(this.#cells[i * WIDTH + column] as number);
      }
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
    this.#reserve(intervals);
    for (let column = 0; column < WIDTH; column++) {
      for (let i = 0; i < intervals; i++) this.#cells[i * WIDTH + column] = reader.f64();
    }
    this.#reach = reader.f64();
    this.#count = reader.f64();
    this.#events = reader.f64();
  }

  /** Where the first interval that contains `value` begins, else the one that would be shortest with it. */
  #nearest(value: number): number {
    const cells = this.#cells;
    const end = this.#intervals * WIDTH;
    let nearest = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < end; at += WIDTH) {
      if ((cells[at + LOW] as number) <= value && value <= (cells[at + HIGH] as number)) return at;
      const length = this.#extended(at, value);
      if (length < shortest) {
        shortest = length;
        nearest = at;
      }
    }
    return nearest;
  }

  #lengthWith(at: number, value: number): number {
    const cells = this.#cells;
    const isIn = (cells[at + LOW] as number) <= value && value <= (cells[at + HIGH] as number);
    return isIn ? 0 : this.#extended(at, value);
  }

  #extended(at: number, value: number): number {
    const cells = this.#cells;
    return Math.max(cells[at + HIGH] as number, value) - Math.min(cells[at + LOW] as number, value);
  }

  #leastRecentlyUsed(): number {
    const cells = this.#cells;
    let oldest = 0;
    for (let at = WIDTH; at < this.#intervals * WIDTH; at += WIDTH) {
      if ((cells[at + USED] as number) < (cells[oldest + USED] as number)) oldest = at;
    }
    return oldest;
  }

  #add(value: number, observation: number): void {
    this.#reserve(this.#intervals + 1);
    this.#put(this.#intervals * WIDTH, value, observation);
    this.#intervals += 1;
  }

  #put(at: number, value: number, observation: number): void {
    this.#cells[at + LOW] = value;
    this.#cells[at + HIGH] = value;
    this.#cells[at + USED] = observation;
  }

  #reserve(intervals: number): void {
    this.#cells = withRoom(this.#cells, intervals * WIDTH, CAPACITY * WIDTH);
  }
}

/** Bytes of a memory, about: while it keeps `startValues` values until it opens, or with 0 once open. */
export function noveltyMemoryBytes(startValues: number): number {
  return memoryBytes(startValues, startValues > 0 ? 0 : TYPICAL_INTERVALS * WIDTH);
}

function memoryBytes(startValues: number, cells: number): number {
  return OBJECT_BYTES + 8 * startValues + (cells > 0 ? float64Bytes(cells) : 0);
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
