import type { Batch, TextColumn } from "../../core/batch.ts";
import type { FrameColumns } from "../frame-columns.ts";

type Dictionaries = readonly (readonly string[])[];

/** Rows from `from` on have text codes of `dictionaries`, one per text column. */
export interface Segment {
  readonly from: number;
  readonly dictionaries: Dictionaries;
}

/** Typed-array columns that are being filled; the length of every array is the capacity. */
export interface Staging {
  timestamps: Float64Array;
  keys: Uint32Array;
  /** Numeric columns, then labels. */
  readonly numbers: Float64Array[];
  readonly texts: Uint32Array[];
  readonly segments: Segment[];
}

/** Creates an empty staging with room for `rows` rows. */
export function createStaging(columns: FrameColumns, rows: number): Staging {
  const numbers = columns.numeric.length + columns.labels.length;
  return {
    timestamps: new Float64Array(rows),
    keys: new Uint32Array(rows),
    numbers: Array.from({ length: numbers }, () => new Float64Array(rows)),
    texts: columns.text.map(() => new Uint32Array(rows)),
    segments: [],
  };
}

/**
 * Appends rows of `batch`, column by column. Doubles the arrays if needed.
 *
 * @param length Number of staged rows.
 * @param from First row of the batch to copy.
 * @param capacity Maximum size of the arrays, at least `length + count`.
 */
export function stageRows(
  staging: Staging,
  length: number,
  batch: Batch,
  from: number,
  count: number,
  capacity: number,
): void {
  const to = from + count;
  reserve(staging, length + count, capacity);
  staging.timestamps.set(batch.timestamps.subarray(from, to), length);
  staging.keys.set(batch.keys.subarray(from, to), length);
  const numeric = batch.columns.length;
  for (const [i, target] of staging.numbers.entries()) {
    const source = i < numeric ? batch.columns[i] : batch.labels[i - numeric];
    target.set((source as Float64Array).subarray(from, to), length);
  }
  for (const [i, target] of staging.texts.entries()) {
    target.set((batch.texts[i] as TextColumn).codes.subarray(from, to), length);
  }
  noteDictionaries(staging.segments, length, batch);
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
