import type { Batch, TextColumn } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { TextDictionary } from "../../io/decoders/text-dictionary.ts";
import { dropKeyless } from "./drop-rows.ts";
import { NO_KEY } from "./key-codes.ts";

/** Cells of a column; null where there is none. */
type Cells = readonly (number | null)[];

/** Rows of a source as plain JSON: a list a column, in the order of the layout. */
export interface BatchRows {
  /** Event times, ms. */
  readonly times: readonly number[];
  /** Different sensors, in order of appearance. */
  readonly sensors: readonly string[];
  /** Index into `sensors` for each row. */
  readonly keys: readonly number[];
  readonly columns: readonly Cells[];
  readonly labels: readonly Cells[];
  readonly texts: readonly (readonly string[])[];
  /** Numbers of the rows within their source, from 1. */
  readonly numbers: readonly number[];
}

/**
 * A batch as a command holds it.
 *
 * @param keys Names behind its key codes.
 */
export function packRows(batch: Batch, keys: KeyTable): BatchRows {
  const { length } = batch;
  const indices = new Map<number, number>();
  const sensorIndices = Array.from({ length }, (_, i) => {
    const code = batch.keys[i] as number;
    const index = indices.get(code) ?? indices.size;
    indices.set(code, index);
    return index;
  });
  return {
    times: Array.from(batch.timestamps.subarray(0, length)),
    sensors: [...indices.keys()].map((code) => keys.name(code)),
    keys: sensorIndices,
    columns: batch.columns.map((column) => cellsOf(column, length)),
    labels: batch.labels.map((column) => cellsOf(column, length)),
    texts: batch.texts.map(({ codes, values }) =>
      Array.from({ length }, (_, i) => values[codes[i] as number] ?? ""),
    ),
    numbers: Array.from(batch.rows.subarray(0, length)),
  };
}

/**
 * The batch of such rows. Those of sensors that are too many are not in it.
 *
 * @param keys Where new sensors go.
 * @param dictionaries Of the text columns, in the order of the layout.
 */
export function unpackRows(
  rows: BatchRows,
  source: number,
  keys: KeyTable,
  dictionaries: readonly TextDictionary[],
): Batch {
  const codes = rows.sensors.map((name) => keys.intern(name));
  return dropKeyless({
    length: rows.times.length,
    timestamps: Float64Array.from(rows.times),
    keys: Uint32Array.from(rows.keys, (index) => {
      const code = codes[index] ?? -1;
      return code < 0 ? NO_KEY : code;
    }),
    columns: rows.columns.map(numbersOf),
    labels: rows.labels.map(numbersOf),
    texts: rows.texts.map((cells, i) => textColumn(cells, dictionaries[i] as TextDictionary)),
    rows: Uint32Array.from(rows.numbers),
    source,
  });
}

/** Zero has one sign, as JSON knows one only. */
function cellsOf(column: Float64Array, length: number): Cells {
  return Array.from({ length }, (_, i) => {
    const value = column[i] as number;
    return Number.isFinite(value) ? value + 0 : null;
  });
}

function numbersOf(cells: Cells): Float64Array {
  return Float64Array.from(cells, (cell) => cell ?? Number.NaN);
}

function textColumn(cells: readonly string[], dictionary: TextDictionary): TextColumn {
  return {
    codes: Uint32Array.from(cells, (text) => dictionary.code(text)),
    values: dictionary.values,
  };
}
