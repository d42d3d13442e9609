/**
 * The one shape that flows from decoder to engine: columns, not row objects.
 *
 * @module
 */

/** A text column that is neither key nor label: dictionary-coded, kept for the buffer only. */
export interface TextColumn {
  /** Index into `values` for each row, shape `[>= length]`. */
  readonly codes: Uint32Array;
  /** Distinct values by code; shared by the batches of one stream and only ever appended to. */
  readonly values: readonly string[];
}

/**
 * Readings in arrival order, a column each. Every array has at least `length` entries; what lies
 * beyond is undefined. Text, label and numeric columns are in the order of the {@link Layout}.
 */
export interface Batch {
  readonly length: number;
  /** Event time, ms since epoch (fractions allowed). Finite. */
  readonly timestamps: Float64Array;
  /** Interned key codes, see `KeyTable`. */
  readonly keys: Uint32Array;
  /** Numeric columns; NaN is missing, and there are no infinities. */
  readonly columns: readonly Float64Array[];
  /** Label columns: 1, 0 or NaN. They say what was really wrong and never reach the engine. */
  readonly labels: readonly Float64Array[];
  readonly texts: readonly TextColumn[];
  /** 1-based data row within its source, rejected rows counted. */
  readonly rows: Uint32Array;
  /** Which input of the stream these rows are from, 0-based. A batch never spans two. */
  readonly source: number;
}

/** A {@link Batch} that has passed the intake: its rows are numbered and their time is settled. */
export interface SequencedBatch extends Batch {
  /** Event time as the engine sees it, ms: the timestamp, but never earlier than the key's last. */
  readonly eventTimes: Float64Array;
  /** Largest event time over all keys up to and including each row, ms. Never decreases. */
  readonly watermarks: Float64Array;
  /** Number of the reading within its key, from 0: a repeated one is known by it. */
  readonly sequences: Float64Array;
}

/** Rows `from` to `to` (exclusive) of a batch, without copying. */
export function batchView(batch: Batch, from: number, to: number): Batch {
  return {
    length: to - from,
    timestamps: batch.timestamps.subarray(from, to),
    keys: batch.keys.subarray(from, to),
    columns: batch.columns.map((column) => column.subarray(from, to)),
    labels: batch.labels.map((label) => label.subarray(from, to)),
    texts: batch.texts.map(({ codes, values }) => ({ codes: codes.subarray(from, to), values })),
    rows: batch.rows.subarray(from, to),
    source: batch.source,
  };
}

/** Copies row `from` of a batch over row `to`. */
export function moveRow(batch: Batch, from: number, to: number): void {
  batch.timestamps[to] = batch.timestamps[from] as number;
  batch.keys[to] = batch.keys[from] as number;
  batch.rows[to] = batch.rows[from] as number;
  for (const column of batch.columns) column[to] = column[from] as number;
  for (const label of batch.labels) label[to] = label[from] as number;
  for (const text of batch.texts) text.codes[to] = text.codes[from] as number;
}

/** First row of the batch whose watermark is at least `time`; `batch.length` when none is. O(log n). */
export function firstAtLeast(batch: SequencedBatch, time: number): number {
  let low = 0;
  let high = batch.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((batch.watermarks[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
