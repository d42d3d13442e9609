import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";

/** Newest incidents whose peaks are kept. */
const MOST = 200;
/** Incidents kept at first; the array grows, because most sensors have few. */
const FEW = 4;
/** Incidents with a mean excess of 1 nat, and incidents at the nominal rate, that are assumed before any is seen. */
const PRIOR_PEAKS = 20;
const PRIOR_COUNT = 5;
/** Most nats by which an incident is rarer than its readings. */
const RAISE = 1;

/** Bytes of an {@link IncidentTail} that keeps few incidents, as most do. */
export const TAIL_BYTES = bytesFor(4 * FEW);

function bytesFor(incidents: number): number {
  return 2 * OBJECT_BYTES + float64Bytes(2 * incidents);
}

/** Where the tail begins, and what counts in it. */
export interface TailLevels {
  /** Rarity of a reading at which an incident begins, nats. */
  readonly from: number;
  /** Nats above `from` up to which the mean excess counts peaks. */
  readonly cap: number;
  /** Readings below `from` after which an incident is over. */
  readonly gap: number;
}

/**
 * How rare incidents are that peak as high as a reading. A sensor whose incidents are more frequent or higher than chance
 * gets a smaller rarity than that of its readings. See `docs/detector-spec.md`, section 11, step 4.
 *
 * O(1) per reading; allocates only while the number of kept incidents grows.
 */
export class IncidentTail {
  /** Nats above the start, and number of readings before the end, of the newest incidents. */
  #peaks = new Float64Array(2 * FEW);
  #count = 0;
  #oldest = 0;
  #rows = 0;
  #rising = false;
  #below = 0;
  /** Of the current incident. */
  #peak = 0.5;
  /** Over the kept incidents, with the prior: number of small peaks, and mean of the capped ones. */
  #small = PRIOR_PEAKS + 0.5;
  #mean = 1.5;

  constructor() {
    this.clear(1);
  }

  /** Bytes held now. */
  get bytes(): number {
    return bytesFor(this.#peaks.length / 2);
  }

  /** Forgets all incidents. @param cap As in {@link TailLevels}. */
  clear(cap: number): void {
    this.#count = 0;
    this.#oldest = 0;
    this.#rows = 0;
    this.#rising = false;
    this.#below = 0;
    this.#peak = 0;
    this.#measure(cap);
  }

  /** Takes a reading of rarity `row[v]`, nats >= 0, and writes the rarity of an incident that peaks there to `row[q]`. */
  observe(row: Float64Array, v: number, q: number, { from, cap, gap }: TailLevels): void {
    const excess = (row[v] as number) - from;
    this.#rows += 1;
    if (excess < 0) {
      row[q] = row[v] as number;
      if (this.#rising) this.#sink(cap, gap);
      return;
    }
    row[q] = Math.min(this.#rarity(excess, from), (row[v] as number) + RAISE);
    if (!this.#rising) this.#peak = 0;
    this.#rising = true;
    this.#below = 0;
    if (excess > this.#peak) this.#peak = excess;
  }

  /** The smallest rarity of a reading at which that of its incident is `q`, nats. */
  readingAt(q: number, { from }: TailLevels): number {
    if (q < from) return q;
    const small = this.#small;
    const excess = small * this.#mean * Math.expm1((q + Math.log(this.#rate(from))) / small);
    return Math.max(q - RAISE, from + Math.max(0, excess));
  }

  save(writer: StateWriter): void {
    writer.f64(this.#rows);
    writer.bool(this.#rising);
    writer.u32(this.#below);
    writer.f64(this.#peak);
    writer.u32(this.#count);
    for (let i = 0; i < this.#count; i++) writer.f64s(this.#peaks, this.#at(i), 2);
  }

  /** @throws {RangeError} If the bytes do not fit. */
  load(reader: StateReader, cap: number): void {
    this.#rows = reader.f64();
    this.#rising = reader.bool();
    this.#below = reader.u32();
    this.#peak = reader.f64();
    const count = reader.u32();
    if (count > MOST) throw new RangeError(`There are ${count} incidents`);
    this.#oldest = 0;
    this.#peaks = new Float64Array(2 * Math.max(FEW, count));
    reader.f64s(this.#peaks, 0, 2 * count);
    this.#count = count;
    this.#measure(cap);
  }

  /** A reading below the start. */
  #sink(cap: number, gap: number): void {
    this.#below += 1;
    if (this.#below < gap) return;
    this.#rising = false;
    this.#keep();
    this.#measure(cap);
  }

  #keep(): void {
    if (this.#count === MOST) this.#oldest = (this.#oldest + 1) % MOST;
    else {
      if (2 * this.#count === this.#peaks.length) this.#grow();
      this.#count += 1;
    }
    const at = this.#at(this.#count - 1);
    this.#peaks[at] = this.#peak;
    this.#peaks[at + 1] = this.#rows;
  }

  #grow(): void {
    const grown = new Float64Array(2 * Math.min(MOST, 2 * this.#count));
    grown.set(this.#peaks);
    this.#peaks = grown;
  }

  /** Index of the `i`-th oldest incident. Only the full array is a ring. */
  #at(i: number): number {
    return 2 * ((this.#oldest + i) % MOST);
  }

  #measure(cap: number): void {
    let small = PRIOR_PEAKS;
    let sum = PRIOR_PEAKS;
    for (let i = 0; i < this.#count; i++) {
      // from the oldest on, so that a restored state gives the same sum to the bit
      const peak = this.#peaks[this.#at(i)] as number;
      if (peak < cap) small += 1;
      sum += Math.min(peak, cap);
    }
    this.#small = small;
    this.#mean = sum / small;
  }

  /** Rarity of an incident whose peak is `excess` nats above the start, from its frequency. */
  #rarity(excess: number, from: number): number {
    const small = this.#small;
    return small * Math.log1p(excess / (small * this.#mean)) - Math.log(this.#rate(from));
  }

  /** Incidents per reading. */
  #rate(from: number): number {
    const since = this.#count === MOST ? (this.#peaks[this.#at(0) + 1] as number) : 0;
    const rows = Math.max(this.#rows - since, 1) + PRIOR_COUNT * Math.exp(from);
    return (this.#count + PRIOR_COUNT) / rows;
  }
}
