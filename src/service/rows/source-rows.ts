import type { Batch, TextColumn } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { TextDictionary } from "../../io/decoders/rows/text-dictionary.ts";
import { dropKeyless, NO_KEY } from "./key-codes.ts";

/** Rows of a line source, with key codes of its own. */
export interface SourceRows {
  readonly batch: Batch;
  /** Sensors by the batch's key codes. */
  readonly sensors: readonly string[];
}

/**
 * Copies rows of a source into a batch of a pipeline. Rows of sensors above the pipeline's limit are left out.
 *
 * @param source Index of the source in the pipeline.
 * @param keys Keys of the pipeline; takes new sensors.
 * @param dictionaries Of the pipeline's text columns, in the order of the layout.
 */
export function adoptRows(
  { batch, sensors }: SourceRows,
  source: number,
  keys: KeyTable,
  dictionaries: readonly TextDictionary[],
): Batch {
  const { length } = batch;
  return dropKeyless({
    length,
    timestamps: batch.timestamps.slice(0, length),
    keys: adoptKeys(batch, sensors, keys),
    columns: batch.columns.map((column) => copyNumbers(column, length)),
    labels: batch.labels.map((column) => copyNumbers(column, length)),
    texts: batch.texts.map((column, i) =>
      copyTexts(column, length, dictionaries[i] as TextDictionary),
    ),
    rows: batch.rows.slice(0, length),
    source,
  });
}

/** New sensors get their codes in order of appearance. */
function adoptKeys(batch: Batch, sensors: readonly string[], keys: KeyTable): Uint32Array {
  const adopted = new Uint32Array(batch.length);
  const codes = new Map<number, number>();
  for (let i = 0; i < adopted.length; i++) {
    const own = batch.keys[i] as number;
    let code = codes.get(own);
    if (code === undefined) {
      const interned = keys.intern(sensors[own] as string);
      code = interned < 0 ? NO_KEY : interned;
      codes.set(own, code);
    }
    adopted[i] = code;
  }
  return adopted;
}

/** Rows from the write-ahead log pass through JSON, which knows neither infinities nor a negative zero. */
function copyNumbers(column: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = column[i] as number;
    copy[i] = Number.isFinite(value) ? value + 0 : Number.NaN;
  }
  return copy;
}

function copyTexts(
  { codes, values }: TextColumn,
  length: number,
  dictionary: TextDictionary,
): TextColumn {
  const copy = new Uint32Array(length);
  for (let i = 0; i < length; i++) copy[i] = dictionary.code(values[codes[i] as number] ?? "");
  return { codes: copy, values: dictionary.values };
}
