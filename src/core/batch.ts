/**
 * The form of readings from decoder to engine: columns, not row objects.
 *
 * @module
 */

/** A dictionary-coded text column that is neither key nor label. Only the buffer uses it. */
export interface TextColumn {
  /** Index into `values` for each row, shape `[>= length]`. */
  readonly codes: Uint32Array;
  /** Distinct values by code. The batches of one stream share them; values are only appended. */
  readonly values: readonly string[];
}

/**
 * Readings in arrival order, as columns. Every array has at least `length` entries; later entries
 * are undefined. Text, label and numeric columns have the order of the {@link Layout}.
 */
export interface Batch {
  readonly length: number;
  /** Event time, ms since epoch (fractions allowed). Finite. */
  readonly timestamps: Float64Array;
  /** Interned key codes, see `KeyTable`. */
  readonly keys: Uint32Array;
  /** Numeric columns; NaN is missing, and there are no infinities. */
  readonly columns: readonly Float64Array[];
  /** Label columns with the true state: 1, 0 or NaN. The engine never sees them. */
  readonly labels: readonly Float64Array[];
  readonly texts: readonly TextColumn[];
  /** 1-based data row within its source; rejected rows count. */
  readonly rows: Uint32Array;
  /** 0-based index of the input of these rows. A batch never spans two inputs. */
  readonly source: number;
}

/** A {@link Batch} after the intake, with event times and row numbers. */
export interface SequencedBatch extends Batch {
  /** Event time, ms: the timestamp, or the last event time of the key if that is later. */
  readonly eventTimes: Float64Array;
  /** Largest event time over all keys up to and including each row, ms. Never decreases. */
  readonly watermarks: Float64Array;
  /** 0-based number of the reading within its key; identifies a repeated reading. */
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
