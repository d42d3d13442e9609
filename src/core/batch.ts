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

/** From `row` on, the rows of a batch have another offset or source than those before. */
export interface BatchBreak {
  readonly row: number;
  readonly offset: number;
  readonly source: number;
}

/** A {@link Batch} after the intake, with event times and row numbers. */
export interface SequencedBatch extends Batch {
  /** Event time, ms: the timestamp, or the last event time of the key if that is later. */
  readonly eventTimes: Float64Array;
  /**
   * The stream clock at each row, ms: the watermark plus `offset`. Never decreases, even when the watermark falls
   * because the first reading of the stream was wrong. Its pace is that of event time.
   */
  readonly watermarks: Float64Array;
  /** 0-based number of the reading within its key; identifies a repeated reading. */
  readonly sequences: Float64Array;
  /** Stream clock minus watermark at the first row, ms; 0 unless the watermark once fell or leapt. */
  readonly offset: number;
  /** Changes of `offset` and `source` within the batch, in order of rows; see {@link pieces}. */
  readonly breaks: readonly BatchBreak[];
  /** Rows at which the clock of their key was set: its time starts anew there. In order. */
  readonly restarts: readonly number[];
  /** Rows that arrived in an earlier batch and were held until now. In order. */
  readonly carried: readonly number[];
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

/** Rows `from` to `to` (exclusive) of a batch without breaks, without copying. */
export function sequencedView(batch: SequencedBatch, from: number, to: number): SequencedBatch {
  const within = (rows: readonly number[]): number[] =>
    rows.filter((row) => row >= from && row < to).map((row) => row - from);
  return {
    ...batchView(batch, from, to),
    eventTimes: batch.eventTimes.subarray(from, to),
    watermarks: batch.watermarks.subarray(from, to),
    sequences: batch.sequences.subarray(from, to),
    offset: batch.offset,
    breaks: [],
    restarts: within(batch.restarts),
    carried: within(batch.carried),
  };
}

/** Cuts a batch at its breaks, without copying; usually there are none. */
export function pieces(batch: SequencedBatch): readonly SequencedBatch[] {
  if (batch.breaks.length === 0) return [batch];
  const { offset, source } = batch;
  const starts = [{ row: 0, offset, source }, ...batch.breaks];
  return starts
    .map((start, i) => ({
      ...sequencedView(batch, start.row, starts[i + 1]?.row ?? batch.length),
      offset: start.offset,
      source: start.source,
    }))
    .filter(({ length }) => length > 0);
}

/** Source of a row. O(log breaks). */
export function sourceAt({ breaks, source }: SequencedBatch, row: number): number {
  let low = 0;
  let high = breaks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((breaks[middle] as BatchBreak).row <= row) low = middle + 1;
    else high = middle;
  }
  return breaks[low - 1]?.source ?? source;
}

/** Copies a row of a batch over a row of a batch of the same layout and dictionaries. */
export function copyRow(source: Batch, from: number, target: Batch, to: number): void {
  target.timestamps[to] = source.timestamps[from] as number;
  target.keys[to] = source.keys[from] as number;
  target.rows[to] = source.rows[from] as number;
  copyCells(source.columns, from, target.columns, to);
  copyCells(source.labels, from, target.labels, to);
  for (let c = 0; c < source.texts.length; c++) {
    const { codes } = source.texts[c] as TextColumn;
    (target.texts[c] as TextColumn).codes[to] = codes[from] as number;
  }
}

function copyCells(
  source: readonly Float64Array[],
  from: number,
  target: readonly Float64Array[],
  to: number,
): void {
  for (let c = 0; c < source.length; c++) {
    (target[c] as Float64Array)[to] = (source[c] as Float64Array)[from] as number;
  }
}

/** First row of the batch whose stream clock is at least `time`; `batch.length` when none is. O(log n). */
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

/** First row of the batch whose stream clock is after `time`; `batch.length` when none is. O(log n). */
export function firstAfter(batch: SequencedBatch, time: number): number {
  let low = 0;
  let high = batch.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((batch.watermarks[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
