import type { DataFrame, Series } from "nodejs-polars";
import type { Batch } from "../core/batch.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { FrameColumns } from "./frame-columns.ts";
import { polars } from "./polars.ts";

const INITIAL_ROWS = 64;

type Dictionaries = readonly (readonly string[])[];

/** Rows from `from` on have their text codes in `dictionaries`, one a text column. */
interface Segment {
  readonly from: number;
  readonly dictionaries: Dictionaries;
}

/** Typed-array columns being filled; every array is as long as the staging has room for rows. */
interface Staging {
  timestamps: Float64Array;
  keys: Uint32Array;
  /** Numeric columns, then labels. */
  readonly numbers: Float64Array[];
  readonly texts: Uint32Array[];
  readonly segments: Segment[];
}

/**
 * Consecutive readings: typed arrays while they are few or nobody asks, a Polars frame from then on.
 * A frame costs some 300 ns per cell to build, so readings that leave the buffer unseen never
 * become one.
 */
export class Chunk {
  readonly #columns: FrameColumns;
  readonly #keys: KeyTable;
  readonly #capacity: number;
  #staging: Staging | null;
  #frame: DataFrame | null = null;
  #length = 0;

  /** @param capacity Most rows it will hold. */
  constructor(columns: FrameColumns, keys: KeyTable, capacity: number) {
    this.#columns = columns;
    this.#keys = keys;
    this.#capacity = capacity;
    const rows = Math.min(INITIAL_ROWS, capacity);
    const numbers = columns.numeric.length + columns.labels.length;
    this.#staging = {
      timestamps: new Float64Array(rows),
      keys: new Uint32Array(rows),
      numbers: Array.from({ length: numbers }, () => new Float64Array(rows)),
      texts: columns.text.map(() => new Uint32Array(rows)),
      segments: [],
    };
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
    const staging = this.#staging;
    const count = Math.min(batch.length - from, this.#capacity - this.#length);
    if (staging === null || count <= 0) return 0;
    const at = this.#length;
    const to = from + count;
    reserve(staging, Math.min(this.#capacity, at + count), this.#capacity);
    staging.timestamps.set(batch.timestamps.subarray(from, to), at);
    staging.keys.set(batch.keys.subarray(from, to), at);
    const numeric = batch.columns.length;
    for (const [i, target] of staging.numbers.entries()) {
      const source = i < numeric ? batch.columns[i] : batch.labels[i - numeric];
      target.set((source as Float64Array).subarray(from, to), at);
    }
    for (const [i, target] of staging.texts.entries()) {
      target.set((batch.texts[i] as { codes: Uint32Array }).codes.subarray(from, to), at);
    }
    noteDictionaries(staging.segments, at, batch);
    this.#length += count;
    this.#frame = null;
    return count;
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

function reserve(staging: Staging, rows: number, capacity: number): void {
  if (rows <= staging.timestamps.length) return;
  const room = Math.min(capacity, Math.max(rows, staging.timestamps.length * 2));
  staging.timestamps = grown(staging.timestamps, new Float64Array(room));
  staging.keys = grown(staging.keys, new Uint32Array(room));
  for (const [i, old] of staging.numbers.entries()) {
    staging.numbers[i] = grown(old, new Float64Array(room));
  }
  for (const [i, old] of staging.texts.entries()) {
    staging.texts[i] = grown(old, new Uint32Array(room));
  }
}

function grown<T extends Float64Array | Uint32Array>(old: T, target: T): T {
  target.set(old);
  return target;
}

function noteDictionaries(segments: Segment[], from: number, batch: Batch): void {
  const last = segments.at(-1)?.dictionaries;
  const same = last !== undefined && batch.texts.every((text, i) => text.values === last[i]);
  if (!same) segments.push({ from, dictionaries: batch.texts.map((text) => text.values) });
}

function buildFrame(
  staging: Staging,
  length: number,
  columns: FrameColumns,
  keys: KeyTable,
): DataFrame {
  const pl = polars();
  const { timestamp, key, numeric, labels, text, constants } = columns;
  const numberNames = [...numeric, ...labels];
  const keyCodes = staging.keys.subarray(0, length);
  const raw = pl.DataFrame([
    pl.Series(timestamp, staging.timestamps.subarray(0, length)),
    pl.Series(
      key,
      Array.from(keyCodes, (code) => keys.name(code)),
      pl.Utf8,
    ),
    ...staging.numbers.map((values, i) =>
      pl.Series(numberNames[i] as string, values.subarray(0, length)),
    ),
    ...staging.texts.map((codes, i) =>
      pl.Series(text[i] as string, decode(codes, i, staging.segments, length), pl.Utf8),
    ),
    ...constants.map(([name, value]) =>
      pl.Series(
        name,
        Array.from({ length }, () => value),
        pl.Utf8,
      ),
    ),
  ] as Series[]);
  return raw.select(
    pl.col(timestamp).cast(pl.Datetime("ms")),
    pl.col(key),
    ...numberNames.map((name) => pl.col(name).fillNan(null)),
    ...text.map((name) => pl.col(name)),
    ...constants.map(([name]) => pl.col(name)),
  );
}

function decode(
  codes: Uint32Array,
  column: number,
  segments: readonly Segment[],
  length: number,
): (string | null)[] {
  const texts = new Array<string | null>(length);
  for (const [s, segment] of segments.entries()) {
    const values = segment.dictionaries[column] as readonly string[];
    const end = segments[s + 1]?.from ?? length;
    for (let row = segment.from; row < end; row++)
      texts[row] = values[codes[row] as number] || null;
  }
  return texts;
}
