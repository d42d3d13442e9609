import type { Batch } from "../../../core/batch.ts";
import type { Layout } from "../../../core/layout.ts";
import type { TextDictionary } from "./text-dictionary.ts";

/** Enough for a block of a file, with many rows of each sensor: the windows of a sensor then stay in the processor's cache. */
const MAX_ROWS = 32_768;
const MIN_ROWS = 64;

/** Most cells of a batch. With thousands of columns it has fewer rows, so its memory stays limited. */
const MAX_CELLS = 1_048_576;

/**
 * The columns of a batch under construction. The caller writes row `length` of every column and then counts it with
 * `length += 1`. It does not count an unusable row, so the next row overwrites it.
 */
export class BatchBuilder {
  readonly capacity: number;
  readonly timestamps: Float64Array;
  readonly keys: Uint32Array;
  readonly columns: readonly Float64Array[];
  readonly labels: readonly Float64Array[];
  readonly texts: readonly Uint32Array[];
  readonly rows: Uint32Array;
  length = 0;

  /** @param rows Most rows that can still come, as far as the caller knows. */
  constructor(layout: Layout, rows: number) {
    const width = 3 + layout.numeric.length + layout.labels.length + layout.text.length;
    const most = Math.max(MIN_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_CELLS / width)));
    this.capacity = Math.min(rows, most);
    this.timestamps = new Float64Array(this.capacity);
    this.keys = new Uint32Array(this.capacity);
    this.columns = layout.numeric.map(() => new Float64Array(this.capacity));
    this.labels = layout.labels.map(() => new Float64Array(this.capacity));
    this.texts = layout.text.map(() => new Uint32Array(this.capacity));
    this.rows = new Uint32Array(this.capacity);
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  /** The batch; the builder must not be used again. */
  build(source: number, dictionaries: readonly TextDictionary[]): Batch {
    return {
      length: this.length,
      timestamps: this.timestamps,
      keys: this.keys,
      columns: this.columns,
      labels: this.labels,
      texts: dictionaries.map(({ values }, i) => ({
        codes: this.texts[i] as Uint32Array,
        values,
      })),
      rows: this.rows,
      source,
    };
  }
}
