import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";

/** Values that a time needs before there is a usual one: with two of them, one fault would count half. */
const LEAST_VALUES = 3;

const NONE = new Float64Array(0);

/** A repeating span of time. */
export interface Period {
  readonly ms: number;
  /** Equal parts of it, each with its own usual value. */
  readonly parts: number;
  /** Number of earlier periods that are kept, at least 3. */
  readonly kept: number;
}

/**
 * The usual value of a column at each time of a period, such as the day: the median of its means in that part of the
 * last periods that had values, linear between the middles of neighbouring parts. Periods begin in UTC. Allocates
 * nothing per row.
 */
export class TimeOfPeriod {
  readonly maxBytes: number;
  readonly #partMs: number;
  readonly #parts: number;
  readonly #kept: number;
  /** Means of part `p` in `[p * kept, (p + 1) * kept)`; empty before the first. */
  #means = NONE;
  /** Number of means of each part so far, which gives the place of the next one. */
  #counts = NONE;
  /** Number of the current part since the epoch; NaN before the first row. */
  #part = Number.NaN;
  #mean = 0;
  #present = 0;
  /** Usual values of the part before the current one, the current one, and the one after; NaN: none. */
  readonly #usual = new Float64Array(3);

  constructor({ ms, parts, kept }: Period) {
    this.#partMs = ms / parts;
    this.#parts = parts;
    this.#kept = kept;
    this.maxBytes = 4 * OBJECT_BYTES + 8 * (parts * kept + parts);
  }

  /** Bytes held now. */
  get bytes(): number {
    return 4 * OBJECT_BYTES + this.#means.byteLength + this.#counts.byteLength;
  }

  /** The usual value at a time, from earlier parts only; NaN: none yet. `time` never decreases. O(1), amortised. */
  at(time: number): number {
    const place = time / this.#partMs;
    const part = Math.floor(place);
    if (part !== this.#part) this.#enter(part);
    const own = this.#usual[1] as number;
    const fromMiddle = place - part - 0.5;
    const neighbour = this.#usual[fromMiddle < 0 ? 0 : 2] as number;
    return Number.isNaN(neighbour) ? own : own + (neighbour - own) * Math.abs(fromMiddle);
  }

  /** Adds a value to the current part, which is that of the last call of {@link at}. */
  add(value: number): void {
    this.#present += 1;
    // a step towards the value, so that equal values give exactly their mean
    const mean = this.#mean + (value - this.#mean) / this.#present;
    this.#mean = Number.isFinite(mean) ? mean : value;
  }

  save(writer: StateWriter): void {
    writer.f64(this.#part);
    writer.f64(this.#mean);
    writer.u32(this.#present);
    writer.bool(this.#means !== NONE);
    writer.f64s(this.#counts);
    writer.f64s(this.#means);
  }

  load(reader: StateReader): void {
    this.#part = reader.f64();
    this.#mean = reader.f64();
    this.#present = reader.u32();
    if (reader.bool()) this.#allocate();
    reader.f64s(this.#counts);
    reader.f64s(this.#means);
    if (!Number.isNaN(this.#part)) this.#findUsual();
  }

  #enter(part: number): void {
    if (this.#present > 0) {
      if (this.#means === NONE) this.#allocate();
      const own = this.#indexOf(this.#part);
      const count = this.#counts[own] as number;
      this.#means[own * this.#kept + (count % this.#kept)] = this.#mean;
      this.#counts[own] = count + 1;
    }
    this.#part = part;
    this.#mean = 0;
    this.#present = 0;
    this.#findUsual();
  }

  #allocate(): void {
    this.#means = new Float64Array(this.#parts * this.#kept);
    this.#counts = new Float64Array(this.#parts);
  }

  #findUsual(): void {
    for (let i = 0; i < 3; i++) this.#usual[i] = this.#medianOf(this.#indexOf(this.#part + i - 1));
  }

  #indexOf(part: number): number {
    const rest = part % this.#parts;
    return rest < 0 ? rest + this.#parts : rest;
  }

  #medianOf(index: number): number {
    const count = Math.min(this.#counts[index] ?? 0, this.#kept);
    if (count < LEAST_VALUES) return Number.NaN;
    const from = index * this.#kept;
    const sorted = SORTED.subarray(0, count);
    sorted.set(this.#means.subarray(from, from + count));
    sorted.sort();
    const high = sorted[count >> 1] as number;
    const low = sorted[(count - 1) >> 1] as number;
    return low + (high - low) / 2;
  }
}

/** Work space. */
const SORTED = new Float64Array(64);
