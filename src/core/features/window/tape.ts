import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes, OBJECT_BYTES } from "../../units/object-bytes.ts";

/** Maximum number of rows written at once. A tape has room for so many beyond the kept ones. */
export const BLOCK_ROWS = 32;

const INITIAL_ROWS = 16;

/** Extra room as a share of the kept rows; more room means fewer moves to the front. */
const SLACK = 0.25;

/**
 * The newest rows of one key, in one contiguous track per column. Rows are written at the end; when a track is
 * full, the rows still needed move to its front. O(1) per row, amortised.
 *
 * Starts small and grows with the kept rows, up to `maxKept` rows, a block and some slack. All of it is in one piece of
 * memory, with other numbers of the key in front.
 */
export class Tape {
  readonly #maxKept: number;
  readonly #tracks: Float64Array[] = [];
  #numbers: Float64Array;
  #capacity: number;
  #length = 0;

  /**
   * @param tracks Number of columns.
   * @param maxKept Maximum number of past rows needed.
   * @param numbers The numbers in front, which are copied.
   */
  constructor(tracks: number, maxKept: number, numbers: Float64Array) {
    this.#maxKept = maxKept;
    this.#numbers = numbers;
    this.#capacity = Math.min(INITIAL_ROWS, fullCapacity(maxKept));
    this.#allocate(tracks, 0);
  }

  /** The numbers in front. Replaced when the tape grows. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /** The rows of one track. Values from index `length` on are undefined. */
  track(index: number): Float64Array {
    return this.#tracks[index] as Float64Array;
  }

  /**
   * Makes room for `rows` rows after the newest `kept` ones; older ones may be forgotten.
   *
   * @returns Index of the first new row, for {@link write}.
   */
  extend(kept: number, rows: number): number {
    if (this.#length + rows > this.#capacity) this.#makeRoom(kept, rows);
    const start = this.#length;
    this.#length += rows;
    return start;
  }

  /** Copies `count` values of `source` from index `from` onto a track, at `start`. */
  write(index: number, start: number, source: Float64Array, from: number, count: number): void {
    const track = this.#tracks[index] as Float64Array;
    for (let i = 0; i < count; i++) track[start + i] = source[from + i] as number;
  }

  /** Bytes held now. */
  get bytes(): number {
    return tapeBytes(this.#tracks.length, this.#numbers.length, this.#capacity);
  }

  /** Writes the newest `kept` rows. */
  save(writer: StateWriter, kept: number): void {
    writer.u32(kept);
    for (const track of this.#tracks) writer.f64s(track, this.#length - kept, kept);
  }

  /**
   * Reads them into an empty tape of as many tracks.
   *
   * @returns The rows read.
   * @throws {RangeError} If there are more than this tape ever keeps.
   */
  load(reader: StateReader): number {
    const kept = reader.u32();
    if (kept > this.#maxKept || kept * 8 * this.#tracks.length > reader.remaining) {
      throw new RangeError(`Saved tape of ${kept} rows does not fit into ${this.#maxKept}`);
    }
    this.#length = 0;
    this.extend(0, kept);
    for (const track of this.#tracks) reader.f64s(track, 0, kept);
    return kept;
  }

  #makeRoom(kept: number, rows: number): void {
    const wanted = Math.ceil(kept * (1 + SLACK)) + rows;
    if (wanted > this.#capacity) {
      const full = fullCapacity(this.#maxKept);
      this.#capacity = Math.min(Math.max(wanted, 2 * this.#capacity), full);
      this.#allocate(this.#tracks.length, kept);
    } else {
      const from = this.#length - kept;
      for (const track of this.#tracks) track.copyWithin(0, from, this.#length);
    }
    this.#length = kept;
  }

  /** Moves the numbers and the newest `kept` rows to a new piece of memory. */
  #allocate(tracks: number, kept: number): void {
    const before = this.#numbers;
    const capacity = this.#capacity;
    const all = new Float64Array(before.length + tracks * capacity);
    all.set(before);
    this.#numbers = all.subarray(0, before.length);
    for (let i = 0; i < tracks; i++) {
      const from = before.length + i * capacity;
      const track = all.subarray(from, from + capacity);
      if (kept > 0) {
        const old = this.#tracks[i] as Float64Array;
        track.set(old.subarray(this.#length - kept, this.#length));
      }
      this.#tracks[i] = track;
    }
  }
}

function fullCapacity(maxKept: number): number {
  return Math.ceil(maxKept * (1 + SLACK)) + BLOCK_ROWS;
}

function tapeBytes(tracks: number, numbers: number, capacity: number): number {
  return float64Bytes(numbers + tracks * capacity) + (tracks + 2) * OBJECT_BYTES;
}

/** Maximum bytes of a tape; parameters as for {@link Tape}. */
export function maxTapeBytes(tracks: number, maxKept: number, numbers: number): number {
  return tapeBytes(tracks, numbers, fullCapacity(maxKept));
}
