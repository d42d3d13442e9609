import type { DataFrame } from "nodejs-polars";
import type { Batch } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import type { FrameColumns } from "../frame-columns.ts";
import { buildFrame } from "./build-frame.ts";
import { loadStaging, saveFrame, saveStaging } from "./save-chunk.ts";
import { createStaging, type Staging, stageRows } from "./staging.ts";

const INITIAL_ROWS = 64;

/**
 * Consecutive readings: typed arrays until a query, then a Polars frame. A frame costs about 300 ns per
 * cell, so readings that no query sees never become one.
 */
export class Chunk {
  readonly number: number;
  readonly #columns: FrameColumns;
  readonly #keys: KeyTable;
  readonly #capacity: number;
  #staging: Staging | null;
  #frame: DataFrame | null = null;
  #length = 0;

  /**
   * @param capacity Maximum number of rows.
   * @param number Identifies the chunk.
   */
  constructor(columns: FrameColumns, keys: KeyTable, capacity: number, number = 0) {
    this.number = number;
    this.#columns = columns;
    this.#keys = keys;
    this.#capacity = capacity;
    this.#staging = createStaging(columns, Math.min(INITIAL_ROWS, capacity));
  }

  /** Number of rows. */
  get length(): number {
    return this.#length;
  }

  /** Whether the chunk has no room for another row. */
  get full(): boolean {
    return this.#length >= this.#capacity;
  }

  /**
   * Copies as many rows of `batch` as fit.
   *
   * @param from First row to copy.
   * @returns Number of copied rows; 0 if the chunk is full.
   */
  take(batch: Batch, from: number): number {
    const count = Math.min(batch.length - from, this.#capacity - this.#length);
    if (this.#staging === null || count <= 0) return 0;
    stageRows(this.#staging, this.#length, batch, from, count, this.#capacity);
    this.#length += count;
    this.#frame = null;
    return count;
  }

  /** Writes all rows. */
  save(writer: StateWriter): void {
    if (this.#staging !== null) saveStaging(this.#staging, this.#length, writer);
    else saveFrame(this.frame(), this.#columns, this.#keys, writer);
  }

  /**
   * Restores rows that a chunk with the same columns wrote. For an empty chunk.
   *
   * @throws {RangeError} If there are too many rows, or the bytes end early.
   */
  load(reader: StateReader): void {
    const { staging, length } = loadStaging(this.#columns, reader);
    if (length > this.#capacity) throw new RangeError(`${length} rows do not fit`);
    this.#staging = staging;
    this.#length = length;
    this.#frame = null;
  }

  /** All rows as a frame, cached until the next {@link take}. A full chunk then frees its typed arrays. */
  frame(): DataFrame {
    if (this.#frame === null) {
      if (this.#staging === null) throw new RangeError("A chunk without staging has its frame");
      this.#frame = buildFrame(this.#staging, this.#length, this.#columns, this.#keys);
      if (this.full) this.#staging = null;
    }
    return this.#frame;
  }
}
