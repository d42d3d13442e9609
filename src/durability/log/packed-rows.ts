import type { SourceRows } from "../../service/rows/source-rows.ts";

/** Cells of a column; null: missing. */
type Cells = readonly (number | null)[];

/** Rows of a source as plain JSON: one list a column, in the order of the layout. */
export interface PackedRows {
  /** Event times, ms. */
  readonly times: readonly number[];
  /** Distinct sensors, in order of appearance. */
  readonly sensors: readonly string[];
  /** Index into `sensors` of each row. */
  readonly keys: readonly number[];
  readonly columns: readonly Cells[];
  readonly labels: readonly Cells[];
  readonly texts: readonly (readonly string[])[];
  /** 1-based row numbers within the source. */
  readonly numbers: readonly number[];
}

/** Converts rows to their form in the write-ahead log. */
export function packRows({ batch, sensors }: SourceRows): PackedRows {
  const { length } = batch;
  const indices = new Map<number, number>();
  const keys = Array.from({ length }, (_, i) => {
    const code = batch.keys[i] as number;
    const index = indices.get(code) ?? indices.size;
    indices.set(code, index);
    return index;
  });
  return {
    times: Array.from(batch.timestamps.subarray(0, length)),
    sensors: [...indices.keys()].map((code) => sensors[code] as string),
    keys,
    columns: batch.columns.map((column) => cellsOf(column, length)),
    labels: batch.labels.map((column) => cellsOf(column, length)),
    texts: batch.texts.map(({ codes, values }) =>
      Array.from({ length }, (_, i) => values[codes[i] as number] ?? ""),
    ),
    numbers: Array.from(batch.rows.subarray(0, length)),
  };
}

/** Reads what {@link packRows} made. */
export function unpackRows(packed: PackedRows): SourceRows {
  const batch = {
    length: packed.times.length,
    timestamps: Float64Array.from(packed.times),
    keys: Uint32Array.from(packed.keys),
    columns: packed.columns.map(numbersOf),
    labels: packed.labels.map(numbersOf),
    texts: packed.texts.map((values) => ({ codes: Uint32Array.from(values.keys()), values })),
    rows: Uint32Array.from(packed.numbers),
    source: 0,
  };
  return { batch, sensors: packed.sensors };
}

/** JSON knows one zero, so zero gets one sign. */
function cellsOf(column: Float64Array, length: number): Cells {
  return Array.from({ length }, (_, i) => {
    const value = column[i] as number;
    return Number.isFinite(value) ? value + 0 : null;
  });
}

function numbersOf(cells: Cells): Float64Array {
  return Float64Array.from(cells, (cell) => cell ?? Number.NaN);
}
