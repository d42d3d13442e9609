import type { DataFrame } from "nodejs-polars";
import type { Batch } from "../core/batch.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { Layout } from "../core/layout.ts";
import { StateReader, StateWriter } from "../core/state-codec.ts";
import { Chunk } from "./chunks/chunk.ts";
import { type ColumnSummary, summarizeColumn } from "./column-summary.ts";
import { type FrameColumns, frameColumns } from "./frame-columns.ts";
import { exactColumn, polars } from "./polars.ts";

/** Selects readings; omitted fields do not restrict. */
export interface RowSelection {
  /** At most this many: the newest matching ones. */
  readonly newest?: number | undefined;
  readonly key?: string | undefined;
  /** Event time, ms since epoch: this or later. */
  readonly sinceMs?: number | undefined;
}

const MIN_CHUNK_ROWS = 64;
const MAX_CHUNK_ROWS = 4096;

/** A reading as a plain object: value by column, null if missing. */
export type ReadingRow = Readonly<Record<string, Date | number | string | null>>;

/** Settings of a {@link ReadingBuffer}. */
export interface ReadingBufferOptions {
  /** Readings kept, at least 1; older ones are evicted in order of arrival. */
  readonly maxRows: number;
}

/** A saved chunk of a {@link ReadingBuffer}. */
export interface SavedChunk {
  /** Number of the chunk, from 0, in order of arrival of the rows. */
  readonly number: number;
  /** Number of rows: a chunk grows until it is full and never changes otherwise. */
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/**
 * The last readings of all keys, in order of arrival, for queries through Polars. Columns of its
 * frames: timestamp (Datetime, whole ms), key, numeric columns and labels (Float64, null where
 * missing), texts and constants (String, null where empty).
 *
 * An append copies typed arrays, a few ns per cell. The next query builds the missing frames of chunks.
 * Memory: at most `maxRows` and two chunks of 4096 rows.
 */
export class ReadingBuffer {
  readonly #columns: FrameColumns;
  readonly #keys: KeyTable;
  readonly #maxRows: number;
  readonly #chunkRows: number;
  /** Oldest first; all but the last are full. */
  readonly #chunks: Chunk[] = [];
  /** Evicted rows that the oldest chunk still holds. */
  #hidden = 0;
  #rows = 0;
  #appended = 0;
  #chunksCreated = 0;

  /**
   * @param keys Table of the key codes of appended batches.
   * @throws {RangeError} If `maxRows` is not a positive integer.
   */
  constructor(layout: Layout, keys: KeyTable, options: ReadingBufferOptions) {
    const { maxRows } = options;
    if (!Number.isSafeInteger(maxRows) || maxRows < 1) {
      throw new RangeError(`maxRows must be a positive integer, current value is ${maxRows}`);
    }
    this.#columns = frameColumns(layout);
    this.#keys = keys;
    this.#maxRows = maxRows;
    this.#chunkRows = Math.min(MAX_CHUNK_ROWS, Math.max(MIN_CHUNK_ROWS, maxRows));
  }

  /** Column names of every frame. */
  get columns(): FrameColumns {
    return this.#columns;
  }

  /** Number of readings in the buffer. */
  get rows(): number {
    return this.#rows;
  }

  /** Memory of the rows, about, bytes: without frames. */
  get bytes(): number {
    const { numeric, labels, text } = this.#columns;
    return 8 * this.#rows * (2 + numeric.length + labels.length + text.length);
  }

  /** Number of readings appended so far. */
  get appended(): number {
    return this.#appended;
  }

  /** Number of readings evicted so far. */
  get evicted(): number {
    return this.#appended - this.#rows;
  }

  /**
   * Appends a batch of this buffer's layout; its arrays may be reused afterwards. O(rows).
   *
   * @returns Number of evicted rows.
   */
  append(batch: Batch): number {
    const before = this.#rows;
    let from = Math.max(0, batch.length - this.#maxRows);
    if (from > 0) this.#clear();
    while (from < batch.length) {
      const taken = this.#openChunk().take(batch, from);
      from += taken;
      this.#rows += taken;
    }
    this.#evict();
    this.#appended += batch.length;
    return before + batch.length - this.#rows;
  }

  /**
   * Saves the chunks of now, newest first. Appends between steps are allowed: only the newest chunk can grow.
   *
   * @param has Whether a chunk with this many rows is saved already. Such chunks are left out.
   */
  *save(has: (number: number, rows: number) => boolean): Generator<SavedChunk> {
    for (const chunk of [...this.#chunks].reverse()) {
      const { number, length: rows } = chunk;
      if (has(number, rows)) continue;
      const writer = new StateWriter();
      chunk.save(writer);
      yield { number, rows, bytes: writer.finish() };
    }
  }

  /**
   * Restores saved chunks, oldest first. For an empty buffer with the same layout and options. Skips damaged
   * chunks.
   *
   * @param appended Number of readings appended before the save.
   * @returns Number of restored readings.
   */
  load(chunks: readonly SavedChunk[], appended: number): number {
    for (const { number, bytes } of chunks) {
      const chunk = new Chunk(this.#columns, this.#keys, this.#chunkRows, number);
      this.#chunksCreated = number + 1;
      try {
        chunk.load(new StateReader(bytes));
      } catch {
        continue;
      }
      this.#chunks.push(chunk);
      this.#rows += chunk.length;
    }
    this.#appended = appended;
    this.#evict();
    return this.#rows;
  }

  /** All readings, oldest first. */
  frame(): DataFrame {
    return this.tail(this.#rows);
  }

  /** The newest `n` readings, in order of arrival. */
  tail(n: number): DataFrame {
    return this.#newest(n, (frame) => frame);
  }

  /** The newest `n` readings of one key, in order of arrival; none for an unknown key. */
  forKey(key: string, n = Number.POSITIVE_INFINITY): DataFrame {
    return this.select({ newest: n, key });
  }

  /** Selected readings, in order of arrival. */
  select({ newest = Number.POSITIVE_INFINITY, key, sinceMs }: RowSelection): DataFrame {
    const pl = polars();
    const { key: keyColumn, timestamp } = this.#columns;
    return this.#newest(newest, (frame) => {
      const own = key === undefined ? frame : frame.filter(exactColumn(keyColumn).eq(pl.lit(key)));
      if (sinceMs === undefined) return own;
      return own.filter(
        pl
          .col(timestamp)
          .cast(pl.Int64)
          .gtEq(pl.lit(Math.trunc(sinceMs))),
      );
    });
  }

  /** The newest `n` readings, of one key or of all, as plain objects, in order of arrival. */
  readings(n: number, key?: string): ReadingRow[] {
    const frame = key === undefined ? this.tail(n) : this.forKey(key, n);
    return frame.toRecords() as ReadingRow[];
  }

  /**
   * The newest `n` samples of a key's numeric column, in order of arrival; NaN is a missing value.
   *
   * @throws {RangeError} If there is no such numeric column.
   */
  samples(key: string, column: string, n = Number.POSITIVE_INFINITY): Float64Array {
    const { numeric, labels } = this.#columns;
    if (!numeric.includes(column) && !labels.includes(column)) {
      throw new RangeError(`No numeric column ${column}`);
    }
    const pl = polars();
    const filled = this.forKey(key, n).select(exactColumn(column).fillNull(pl.lit(Number.NaN)));
    return filled.getColumn(column).toTypedArray() as Float64Array;
  }

  /** Statistics of each numeric column, of one key or of all, in the order of the layout. */
  describe(key?: string): ColumnSummary[] {
    const frame = key === undefined ? this.frame() : this.forKey(key);
    return this.#columns.numeric.map((column) => summarizeColumn(frame, column));
  }

  #openChunk(): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && !last.full) return last;
    const chunk = new Chunk(this.#columns, this.#keys, this.#chunkRows, this.#chunksCreated);
    this.#chunksCreated += 1;
    this.#chunks.push(chunk);
    return chunk;
  }

  #evict(): void {
    this.#hidden += Math.max(0, this.#rows - this.#maxRows);
    this.#rows = Math.min(this.#rows, this.#maxRows);
    for (let oldest = this.#chunks[0]; oldest && this.#hidden >= oldest.length; ) {
      this.#hidden -= oldest.length;
      this.#chunks.shift();
      oldest = this.#chunks[0];
    }
  }

  #clear(): void {
    this.#chunks.length = 0;
    this.#hidden = 0;
    this.#rows = 0;
  }

  /** Searches back from the newest chunk until `select` has returned `n` rows. */
  #newest(n: number, select: (frame: DataFrame) => DataFrame): DataFrame {
    const parts: DataFrame[] = [];
    let missing = n;
    for (let i = this.#chunks.length - 1; i >= 0 && missing > 0; i--) {
      const selected = select(this.#visible(i));
      if (selected.height === 0) continue;
      parts.push(selected.height > missing ? selected.tail(missing) : selected);
      missing -= selected.height;
    }
    const [only] = parts;
    if (only === undefined) return new Chunk(this.#columns, this.#keys, 0).frame();
    return parts.length === 1 ? only : polars().concat(parts.reverse());
  }

  #visible(index: number): DataFrame {
    const frame = (this.#chunks[index] as Chunk).frame();
    const hidden = index === 0 ? this.#hidden : 0;
    return hidden === 0 ? frame : frame.slice(hidden, frame.height - hidden);
  }
}
