import { type Batch, type BatchBreak, copyRow, type SequencedBatch } from "../core/batch.ts";
import { type HeldReading, placeRow, roomyCopy } from "./waiting/held-readings.ts";
import type { SortedReading } from "./waiting/sorter.ts";

const NONE: readonly never[] = [];

/** The rows of a batch that pass the intake, and released ones among them. */
export class RowDraft {
  readonly #source: Batch;
  readonly #offset: number;
  /** The batch itself, or a copy once released rows need room. */
  #batch: Batch;
  #eventTimes: Float64Array;
  #watermarks: Float64Array;
  #sequences: Float64Array;
  #length = 0;
  #breaks: BatchBreak[] | null = null;
  #restarts: number[] | null = null;
  #carried: number[] | null = null;
  /** Of the row before. */
  #lastOffset: number;
  #lastSource: number;
  readonly #sorted: readonly SortedReading[] | null;

  /**
   * @param offset Stream clock minus watermark before the first row, ms.
   * @param sorted The readings of the batch, if they were sorted: they have sources of their own.
   */
  constructor(batch: Batch, offset: number, sorted: readonly SortedReading[] | null = null) {
    this.#lastOffset = offset;
    this.#lastSource = batch.source;
    this.#sorted = sorted;
    this.#source = batch;
    this.#offset = offset;
    this.#batch = batch;
    this.#eventTimes = new Float64Array(batch.length);
    this.#watermarks = new Float64Array(batch.length);
    this.#sequences = new Float64Array(batch.length);
  }

  /** Number of rows so far. */
  get length(): number {
    return this.#length;
  }

  /** Source of a row of the batch. */
  sourceOf(row: number): number {
    return this.#sorted === null
      ? this.#source.source
      : (this.#sorted[row] as SortedReading).reading.source;
  }

  /** Whether a row of the batch arrived in an earlier one. */
  isCarried(row: number): boolean {
    return this.#sorted !== null && (this.#sorted[row] as SortedReading).isCarried;
  }

  /** Adds a row of the batch. */
  keep(row: number, eventTime: number, clock: number, sequence: number): void {
    const source = this.sourceOf(row);
    if (source !== this.#lastSource) this.break(this.#lastOffset, source);
    if (this.isCarried(row)) this.carry();
    const at = this.#length;
    if (at !== row || this.#batch !== this.#source) copyRow(this.#source, row, this.#batch, at);
    this.#stamp(eventTime, clock, sequence);
  }

  /**
   * Adds a released row. Its event time is its timestamp.
   *
   * @param next Row of the batch that follows it.
   */
  release(held: HeldReading, key: number, next: number, clock: number, sequence: number): void {
    if (held.source !== this.#lastSource) this.break(this.#lastOffset, held.source);
    // a row can release one reading of its own sensor, and one row of a stream that of another
    if (this.#batch === this.#source)
      this.#grow(this.#length + 2 * (this.#source.length - next) + 1);
    placeRow(held, key, this.#batch, this.#length);
    this.#stamp(held.timestamp, clock, sequence);
  }

  /** The next row and those after it have another offset or source. */
  break(offset: number, source: number): void {
    this.#lastOffset = offset;
    this.#lastSource = source;
    this.#breaks ??= [];
    this.#breaks.push({ row: this.#length, offset, source });
  }

  /** The clock of its key was set before the next row. */
  restart(): void {
    this.#restarts ??= [];
    this.#restarts.push(this.#length);
  }

  /** The next row arrived in an earlier batch. */
  carry(): void {
    this.#carried ??= [];
    this.#carried.push(this.#length);
  }

  finish(): SequencedBatch {
    const { timestamps, keys, columns, labels, texts, rows, source } = this.#batch;
    // written out: with spread objects, V8 recompiles the engine for each hidden class
    return {
      length: this.#length,
      timestamps,
      keys,
      columns,
      labels,
      texts,
      rows,
      source,
      eventTimes: this.#eventTimes,
      watermarks: this.#watermarks,
      sequences: this.#sequences,
      offset: this.#offset,
      breaks: this.#breaks ?? NONE,
      restarts: this.#restarts ?? NONE,
      carried: this.#carried ?? NONE,
    };
  }

  #stamp(eventTime: number, clock: number, sequence: number): void {
    const at = this.#length;
    this.#eventTimes[at] = eventTime;
    this.#watermarks[at] = clock;
    this.#sequences[at] = sequence;
    this.#length = at + 1;
  }

  /** Continues with copies for `capacity` rows. */
  #grow(capacity: number): void {
    const rows = this.#length;
    const grown = (stamped: Float64Array): Float64Array => {
      const copy = new Float64Array(capacity);
      copy.set(stamped.subarray(0, rows));
      return copy;
    };
    this.#batch = roomyCopy(this.#batch, rows, capacity);
    this.#eventTimes = grown(this.#eventTimes);
    this.#watermarks = grown(this.#watermarks);
    this.#sequences = grown(this.#sequences);
  }
}
