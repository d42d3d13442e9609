import type { StateReader, StateWriter } from "../../state-codec.ts";
import { float64Bytes } from "../../units/object-bytes.ts";

/** Maximum number of rows written at once. */
export const BLOCK_ROWS = 128;

/** Extra room as a share of the kept rows; more room means fewer moves to the front. */
const SLACK = 0.25;

/**
 * The newest rows of one key, in one contiguous track per column. Rows are written at the end; when a track is
 * full, the rows still needed move to its front. O(1) per row, amortised.
 *
 * Starts small and grows with the kept rows, up to `maxKept` rows, a block and some slack.
 */
export class Tape {
  readonly #maxKept: number;
  readonly #tracks: Float64Array[];
  #capacity: number;
  #length = 0;

  /**
   * @param tracks Number of columns.
   * @param maxKept Maximum number of past rows needed.
   */
  constructor(tracks: number, maxKept: number) {
    this.#maxKept = maxKept;
    this.#capacity = Math.min(16, Tape.#fullCapacity(maxKept));
    this.#tracks = Array.from({ length: tracks }, () => new Float64Array(this.#capacity));
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
    return this.#tracks.length * float64Bytes(this.#capacity);
  }

  /** Maximum bytes held. */
  get maxBytes(): number {
    return this.#tracks.length * float64Bytes(Tape.#fullCapacity(this.#maxKept));
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
    const full = Tape.#fullCapacity(this.#maxKept);
    const wanted = Math.ceil(kept * (1 + SLACK)) + rows;
    if (wanted > this.#capacity) {
      this.#capacity = Math.min(Math.max(wanted, 2 * this.#capacity), full);
    }
    const from = this.#length - kept;
    for (const [i, track] of this.#tracks.entries()) {
      if (track.length === this.#capacity) track.copyWithin(0, from, this.#length);
      else {
        const grown = new Float64Array(this.#capacity);
        grown.set(track.subarray(from, this.#length));
        this.#tracks[i] = grown;
      }
    }
    this.#length = kept;
  }

  static #fullCapacity(maxKept: number): number {
    return Math.ceil(maxKept * (1 + SLACK)) + BLOCK_ROWS;
  }
}
