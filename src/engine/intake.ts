import { type Batch, moveRow, type SequencedBatch } from "../core/batch.ts";
import { findImplausible, type PlausibleRange } from "../core/plausibility.ts";
import type { StateReader, StateWriter } from "../core/state-codec.ts";

/** Treatment of a reading that is older than the previous one of the same key. */
export type OutOfOrderPolicy = "process" | "drop";

/**
 * Prepares readings for the engine: replaces implausible values with NaN, numbers the readings of each
 * key, keeps time from going back within a key, and stamps every row with the watermark, the largest
 * event time so far.
 *
 * Results do not depend on the size of batches.
 */
export class Intake {
  readonly #policy: OutOfOrderPolicy;
  /** Values outside these ranges become NaN before the engine and the buffer see them. */
  ranges: readonly PlausibleRange[];
  #lastTimes = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);
  #sequences = new Float64Array(64);
  #watermark = Number.NEGATIVE_INFINITY;
  #outOfOrder = 0;

  constructor(policy: OutOfOrderPolicy, ranges: readonly PlausibleRange[] = []) {
    this.#policy = policy;
    this.ranges = ranges;
  }

  /** Number of readings older than the previous one of their key, including dropped ones. */
  get outOfOrder(): number {
    return this.#outOfOrder;
  }

  /** Largest event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#watermark;
  }

  /**
   * Takes the next rows. O(rows). Changes the columns of the batch in place: implausible values become
   * NaN, and kept rows overwrite dropped ones.
   */
  accept(batch: Batch): SequencedBatch {
    if (this.ranges.length > 0) this.#screen(batch);
    const eventTimes = new Float64Array(batch.length);
    const watermarks = new Float64Array(batch.length);
    const sequences = new Float64Array(batch.length);
    const kept = this.#number(batch, eventTimes, watermarks, sequences);
    // written out: with spread objects, V8 recompiles the engine for each hidden class
    return {
      length: kept,
      timestamps: batch.timestamps,
      keys: batch.keys,
      columns: batch.columns,
      labels: batch.labels,
      texts: batch.texts,
      rows: batch.rows,
      source: batch.source,
      eventTimes,
      watermarks,
      sequences,
    };
  }

  #screen({ columns, length }: Batch): void {
    findImplausible(columns, length, this.ranges, (row, { column }) => {
      (columns[column] as Float64Array)[row] = Number.NaN;
    });
  }

  /** Numbers the rows and removes dropped ones. @returns Number of kept rows. */
  #number(
    batch: Batch,
    eventTimes: Float64Array,
    watermarks: Float64Array,
    sequences: Float64Array,
  ): number {
    let kept = 0;
    for (let i = 0; i < batch.length; i++) {
      const key = batch.keys[i] as number;
      if (key >= this.#lastTimes.length) this.#grow(key);
      const time = batch.timestamps[i] as number;
      const last = this.#lastTimes[key] as number;
      if (time < last) {
        this.#outOfOrder += 1;
        if (this.#policy === "drop") continue;
      }
      const eventTime = Math.max(time, last);
      this.#lastTimes[key] = eventTime;
      this.#watermark = Math.max(this.#watermark, eventTime);
      const sequence = this.#sequences[key] as number;
      this.#sequences[key] = sequence + 1;
      if (kept < i) moveRow(batch, i, kept);
      eventTimes[kept] = eventTime;
      watermarks[kept] = this.#watermark;
      sequences[kept] = sequence;
      kept += 1;
    }
    return kept;
  }

  /**
   * Writes the state of every key.
   *
   * @param keys Number of keys; codes are below it.
   */
  save(writer: StateWriter, keys: number): void {
    if (keys > this.#lastTimes.length) this.#grow(keys - 1);
    writer.u32(keys);
    writer.f64(this.#watermark);
    writer.f64(this.#outOfOrder);
    writer.f64s(this.#lastTimes, 0, keys);
    writer.f64s(this.#sequences, 0, keys);
  }

  /**
   * Restores what {@link save} wrote. For a new intake with the same policy.
   *
   * @throws {RangeError} If the bytes end early.
   */
  load(reader: StateReader): void {
    const keys = reader.u32();
    if (keys * 16 > reader.remaining)
      throw new RangeError(`The bytes are too few for ${keys} keys`);
    if (keys > this.#lastTimes.length) this.#grow(keys - 1);
    this.#watermark = reader.f64();
    this.#outOfOrder = reader.f64();
    reader.f64s(this.#lastTimes, 0, keys);
    reader.f64s(this.#sequences, 0, keys);
  }

  #grow(key: number): void {
    const size = Math.max(key + 1, this.#lastTimes.length * 2);
    const lastTimes = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    lastTimes.set(this.#lastTimes);
    this.#lastTimes = lastTimes;
    const sequences = new Float64Array(size);
    sequences.set(this.#sequences);
    this.#sequences = sequences;
  }
}
