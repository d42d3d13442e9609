import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";

/** A measured interval replaces the known one if it differs by more than this factor. */
export const CHANGE = 2;
/** Newest intervals that are kept. Odd, so that one of them is the middle one. */
const NEWEST = 201;
/** Readings of a short and of a long stretch. */
const STRETCHES = [NEWEST, 8 * NEWEST] as const;
/** Newest stretches of each length that count. */
const COUNTED = 3;
/** Readings come in bursts if their mean interval is more than this many times the middle one. */
const BURSTS = 2;
/** Indices: of the mean intervals of the newest stretches by length, of the times when the current ones began, of the largest time. */
const MEANS = NEWEST;
const FROM = MEANS + STRETCHES.length * COUNTED;
const LAST = FROM + STRETCHES.length;

/** Bytes of a {@link ReadingInterval}. */
export const INTERVAL_BYTES = 2 * OBJECT_BYTES + float64Bytes(LAST + 1);

/**
 * The interval between the readings of a sensor: the middle one of the newest 201.
 *
 * In bursts, most intervals are much shorter than their mean. The interval is then the mean one of a stretch of 201 or of
 * 1608 readings, whichever is longer: each time the shortest of the newest three, because an outage lengthens one of them, and
 * bursts lengthen all.
 *
 * O(1) per reading, no allocation.
 */
export class ReadingInterval {
  /** The newest intervals, then what the indices above say, s. */
  readonly #kept = new Float64Array(LAST + 1);
  #count = 0;
  #next = 0;
  #seen = 0;
  /** Readings until a stretch ends. */
  #left = NEWEST;

  /** Whether a stretch ends with the last reading: the interval may have changed. */
  get isDue(): boolean {
    return this.#left === NEWEST && this.#seen > 0;
  }

  /**
   * Takes the reading `i`. No interval ends at a time that is not after all earlier ones.
   *
   * @param times Event times, ms.
   */
  see(times: Float64Array, i: number): void {
    const kept = this.#kept;
    const time = (times[i] as number) / 1000;
    if (this.#seen === 0) {
      kept[LAST] = time;
      kept.fill(time, FROM, FROM + STRETCHES.length);
    } else if (time > (kept[LAST] as number)) {
      kept[this.#next] = time - (kept[LAST] as number);
      this.#next = this.#next + 1 === NEWEST ? 0 : this.#next + 1;
      if (this.#count < NEWEST) this.#count += 1;
      kept[LAST] = time;
    }
    this.#seen += 1;
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#left = NEWEST;
    this.#endStretches();
  }

  /**
   * The interval now, s; NaN: there is none yet. Sorts the intervals only if the middle one has changed by more than a factor of 2.
   *
   * @param known The interval so far, which is returned unless it has changed so much; NaN: none.
   */
  measure(known: number): number {
    if (this.#count === 0) return Number.NaN;
    const rank = Math.floor((this.#count - 1) / 2);
    const mean = Math.max(this.#mean(0), this.#mean(1));
    if (this.#below(mean / BURSTS) > rank) return mean;
    const isLower = this.#below(known / CHANGE) > rank;
    const isHigher = this.#count - this.#above(known * CHANGE) <= rank;
    if (!(Number.isNaN(known) || isLower || isHigher)) return known;
    return this.#kept.slice(0, this.#count).sort()[rank] as number;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#count);
    writer.u32(this.#next);
    writer.f64(this.#seen);
    writer.f64s(this.#kept, 0, this.#count);
    writer.f64s(this.#kept, MEANS);
  }

  /** @throws {RangeError} If the bytes do not fit. */
  load(reader: StateReader): void {
    this.#count = reader.u32();
    this.#next = reader.u32();
    if (this.#count > NEWEST || this.#next >= NEWEST) {
      throw new RangeError(`There are at most ${NEWEST} intervals`);
    }
    this.#seen = reader.f64();
    this.#left = NEWEST - (this.#seen % NEWEST);
    reader.f64s(this.#kept, 0, this.#count);
    reader.f64s(this.#kept, MEANS);
  }

  #endStretches(): void {
    const kept = this.#kept;
    for (let s = 0; s < STRETCHES.length; s++) {
      const readings = STRETCHES[s] as number;
      if (this.#seen % readings !== 0) continue;
      const number = (this.#seen / readings - 1) % COUNTED;
      const duration = (kept[LAST] as number) - (kept[FROM + s] as number);
      kept[MEANS + COUNTED * s + number] = duration / readings;
      kept[FROM + s] = kept[LAST] as number;
    }
  }

  /** Shortest mean interval of the newest stretches, s; 0 before there are enough. */
  #mean(s: number): number {
    if (this.#seen < COUNTED * (STRETCHES[s] as number)) return 0;
    const at = MEANS + COUNTED * s;
    let mean = Number.POSITIVE_INFINITY;
    for (let i = at; i < at + COUNTED; i++) mean = Math.min(mean, this.#kept[i] as number);
    return mean;
  }

  #below(limit: number): number {
    let count = 0;
    for (let i = 0; i < this.#count; i++) if ((this.#kept[i] as number) < limit) count += 1;
    return count;
  }

  #above(limit: number): number {
    let count = 0;
    for (let i = 0; i < this.#count; i++) if ((this.#kept[i] as number) > limit) count += 1;
    return count;
  }
}
