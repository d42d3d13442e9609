import type { DataFrame } from "nodejs-polars";
import type { Batch } from "../core/batch.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { StateReader, StateWriter } from "../core/state-codec.ts";
import { buildFrame } from "./build-frame.ts";
import type { FrameColumns } from "./frame-columns.ts";
import { loadStaging, saveFrame, saveStaging } from "./save-chunk.ts";
import { createStaging, type Staging, stageRows } from "./staging.ts";

const INITIAL_ROWS = 64;

/**
 * Consecutive readings: typed arrays while they are few or nobody asks, a Polars frame from then on.
 * A frame costs some 300 ns per cell to build, so readings that leave the buffer unseen never
 * become one.
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
   * @param capacity Most rows it will hold.
   * @param number What it is known by.
   */
  constructor(columns: FrameColumns, keys: KeyTable, capacity: number, number = 0) {
    this.number = number;
    this.#columns = columns;
    this.#keys = keys;
    this.#capacity = capacity;
    this.#staging = createStaging(columns, Math.min(INITIAL_ROWS, capacity));
  }

  /** Rows held. */
  get length(): number {
    return this.#length;
  }

  /** Whether no row fits any more. */
  get full(): boolean {
    return this.#length >= this.#capacity;
  }

  /**
   * Copies rows of `batch`, as many as fit, column by column.
   *
   * @param from First row to take.
   * @returns How many were taken; 0 when the chunk is full.
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
   * Takes the rows that another chunk of the same columns has written. For an empty one.
   *
   * @throws {RangeError} If they are too many, or the bytes end early.
   */
  load(reader: StateReader): void {
    const { staging, length } = loadStaging(this.#columns, reader);
    if (length > this.#capacity) throw new RangeError(`${length} rows do not fit`);
    this.#staging = staging;
    this.#length = length;
    this.#frame = null;
  }

  /** All rows as a frame, built once for each set of rows; the typed arrays go when it is full. */
  frame(): DataFrame {
    if (this.#frame === null) {
      if (this.#staging === null) throw new RangeError("A chunk without staging has its frame");
      this.#frame = buildFrame(this.#staging, this.#length, this.#columns, this.#keys);
      if (this.full) this.#staging = null;
    }
    return this.#frame;
  }
}
