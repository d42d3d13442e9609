import type { Batch } from "../../../core/batch.ts";
import type { StateReader, StateWriter } from "../../../core/state-codec.ts";

/** One number per row; owned by a {@link RowHistory}. */
export interface RingColumn {
  values: Float64Array;
}

const FIRST_ROWS = 64;
/** Rows that are saved together. */
const BLOCK_ROWS = 1024;

/**
 * Ring of the last rows of a pipeline, as columns of numbers. A row's number is the count of rows before it.
 *
 * Memory: 8 bytes per column and row, growing up to the capacity.
 */
export class RowHistory {
  readonly #capacity: number;
  readonly #columns = new Set<RingColumn>();
  readonly #keys: RingColumn;
  readonly #times: RingColumn;
  readonly #previous: RingColumn;
  #room: number;
  #origin = 0;
  #end = 0;
  /** By key code: its newest row; -1: none. */
  #newest = new Float64Array(64).fill(-1);

  /** @param capacity Maximum number of rows. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#room = Math.min(FIRST_ROWS, capacity);
    this.#keys = this.addColumn();
    this.#times = this.addColumn();
    this.#previous = this.addColumn();
  }

  /** Number of rows ever added. */
  get end(): number {
    return this.#end;
  }

  /** First stored row; {@link end}: none. */
  get start(): number {
    return Math.max(this.#origin, this.#end - this.#capacity);
  }

  /** Adds a column with NaN in all rows so far. */
  addColumn(): RingColumn {
    const column = { values: new Float64Array(this.#room).fill(Number.NaN) };
    this.#columns.add(column);
    return column;
  }

  removeColumn(column: RingColumn): void {
    this.#columns.delete(column);
  }

  /**
   * Adds rows. The caller must {@link write} their other columns at once, from the previous `end` on.
   *
   * @returns First new row that is stored.
   */
  add(keys: Uint32Array, times: Float64Array, count: number): number {
    const first = this.#end;
    this.#reserve(count);
    this.#end += count;
    this.#writeKeys(first, keys, count);
    this.write(this.#times, first, times, count);
    return Math.max(first, this.start);
  }

  /** Writes `count` values from `row` on; skips rows that are not stored. */
  write(column: RingColumn, row: number, values: Float64Array | Uint8Array, count: number): void {
    const skip = Math.max(0, this.start - row);
    const { values: ring } = column;
    let at = this.#slot(row + skip);
    for (let i = skip; i < count; i++) {
      ring[at] = values[i] as number;
      at += 1;
      if (at === this.#room) at = 0;
    }
  }

  /** Value of a stored row. */
  at(column: RingColumn, row: number): number {
    return column.values[this.#slot(row)] as number;
  }

  key(row: number): number {
    return this.at(this.#keys, row);
  }

  /** Event time, ms. */
  time(row: number): number {
    return this.at(this.#times, row);
  }

  /** Newest stored row of a key; -1: none. */
  newest(key: number): number {
    const row = this.#newest[key] ?? -1;
    return row >= this.start ? row : -1;
  }

  /** The key's previous stored row; -1: none. */
  before(row: number): number {
    const previous = this.at(this.#previous, row);
    return previous >= this.start ? previous : -1;
  }

  /** Copies the values of stored rows `from` to `to` (exclusive). */
  copy(column: RingColumn, from: number, to: number): Float64Array {
    const values = new Float64Array(to - from);
    if (to === from) return values;
    const first = this.#slot(from);
    const upToEnd = column.values.subarray(first, Math.min(this.#room, first + values.length));
    values.set(upToEnd);
    values.set(column.values.subarray(0, values.length - upToEnd.length), upToEnd.length);
    return values;
  }

  /** Rows as a batch with these columns. */
  batch(from: number, to: number, columns: readonly RingColumn[]): Batch {
    return {
      length: to - from,
      timestamps: this.copy(this.#times, from, to),
      keys: Uint32Array.from(this.copy(this.#keys, from, to)),
      columns: columns.map((column) => this.copy(column, from, to)),
      labels: [],
      texts: [],
      rows: new Uint32Array(to - from),
      source: 0,
    };
  }

  /** Drops all rows; the next row gets number `row`. */
  beginAt(row: number): void {
    this.#origin = row;
    this.#end = row;
    this.#newest.fill(-1);
  }

  /** Numbers of the blocks with stored rows, oldest first. */
  get blocks(): readonly number[] {
    const first = Math.floor(this.start / BLOCK_ROWS);
    return Array.from(
      { length: Math.max(0, Math.ceil(this.#end / BLOCK_ROWS) - first) },
      (_, i) => first + i,
    );
  }

  /** Rows added to a block, including dropped ones. */
  blockRows(block: number): number {
    return Math.min(this.#end - block * BLOCK_ROWS, BLOCK_ROWS);
  }

  /** Writes the stored rows of a block with these columns. */
  save(block: number, columns: readonly RingColumn[], writer: StateWriter): void {
    const from = Math.max(this.start, block * BLOCK_ROWS);
    const to = Math.min(this.#end, (block + 1) * BLOCK_ROWS);
    writer.f64(from);
    writer.u32(to - from);
    writer.u32(columns.length);
    for (const column of [this.#keys, this.#times, ...columns]) {
      writer.f64s(this.copy(column, from, to));
    }
  }

  /**
   * Loads a block that {@link save} wrote. A gap before it drops the rows before the gap.
   *
   * @throws {RangeError} If the bytes do not fit; nothing has changed then.
   */
  load(columns: readonly RingColumn[], reader: StateReader): void {
    const from = reader.f64();
    const count = reader.u32();
    const width = reader.u32();
    if (width !== columns.length || reader.remaining !== 8 * count * (width + 2)) {
      throw new RangeError(`${count} rows of ${width} columns do not fit`);
    }
    const values = Array.from({ length: width + 2 }, () => new Float64Array(count));
    for (const column of values) reader.f64s(column);
    const [keys, times, ...rest] = values as [Float64Array, Float64Array, ...Float64Array[]];
    if (from !== this.#end) this.beginAt(from);
    this.add(Uint32Array.from(keys), times, count);
    for (const [c, column] of columns.entries()) {
      this.write(column, from, rest[c] as Float64Array, count);
    }
  }

  #slot(row: number): number {
    return (row - this.#origin) % this.#room;
  }

  #writeKeys(first: number, keys: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const key = keys[i] as number;
      if (key >= this.#newest.length) this.#growKeys(key);
      const slot = this.#slot(first + i);
      this.#keys.values[slot] = key;
      this.#previous.values[slot] = this.#newest[key] as number;
      this.#newest[key] = first + i;
    }
  }

  #growKeys(key: number): void {
    const grown = new Float64Array(Math.max(key + 1, this.#newest.length * 2)).fill(-1);
    grown.set(this.#newest);
    this.#newest = grown;
  }

  #reserve(count: number): void {
    const needed = Math.min(this.#capacity, this.#end - this.#origin + count);
    if (needed <= this.#room) return;
    this.#room = Math.min(this.#capacity, Math.max(needed, this.#room * 2));
    for (const column of this.#columns) {
      const grown = new Float64Array(this.#room).fill(Number.NaN);
      grown.set(column.values);
      column.values = grown;
    }
  }
}
