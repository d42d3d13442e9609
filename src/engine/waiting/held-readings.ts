import { type Batch, copyRow, type TextColumn } from "../../core/batch.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";

/** A reading that waits for the next one of its sensor. */
export interface HeldReading {
  readonly timestamp: number;
  /** 1-based data row within its source, as in a batch. */
  readonly row: number;
  readonly source: number;
  readonly columns: readonly number[];
  readonly labels: readonly number[];
  readonly texts: readonly string[];
}

/** Copies a row of a batch. */
export function holdRow(batch: Batch, row: number): HeldReading {
  return {
    timestamp: batch.timestamps[row] as number,
    row: batch.rows[row] as number,
    source: batch.source,
    columns: batch.columns.map((column) => column[row] as number),
    labels: batch.labels.map((label) => label[row] as number),
    texts: batch.texts.map(({ codes, values }) => values[codes[row] as number] ?? ""),
  };
}

/** Writes a held reading over row `at` of a batch. Texts that the batch lacks extend its own list of values. */
export function placeRow(held: HeldReading, key: number, batch: Batch, at: number): void {
  placeNumbers(held, key, batch, at);
  for (const [c, { codes, values }] of batch.texts.entries()) {
    const text = held.texts[c] ?? "";
    const code = values.indexOf(text);
    codes[at] = code >= 0 ? code : (values as string[]).push(text) - 1;
  }
}

function placeNumbers(held: HeldReading, key: number, batch: Batch, at: number): void {
  batch.timestamps[at] = held.timestamp;
  batch.keys[at] = key;
  batch.rows[at] = held.row;
  for (const [c, column] of batch.columns.entries()) column[at] = held.columns[c] ?? Number.NaN;
  for (const [c, label] of batch.labels.entries()) label[at] = held.labels[c] ?? Number.NaN;
}

/** A batch of readings with texts of its own. At least one. */
export function batchOfHeld(
  readings: readonly { readonly key: number; readonly reading: HeldReading }[],
): Batch {
  const capacity = readings.length;
  const { columns, labels, texts, source } = (readings[0] as { reading: HeldReading }).reading;
  const batch: Batch = {
    length: capacity,
    timestamps: new Float64Array(capacity),
    keys: new Uint32Array(capacity),
    columns: columns.map(() => new Float64Array(capacity)),
    labels: labels.map(() => new Float64Array(capacity)),
    texts: texts.map((): TextColumn => ({ codes: new Uint32Array(capacity), values: [] })),
    rows: new Uint32Array(capacity),
    source,
  };
  const known = batch.texts.map(() => new Map<string, number>());
  for (const [at, { key, reading }] of readings.entries()) {
    placeNumbers(reading, key, batch, at);
    for (const [c, { codes, values }] of batch.texts.entries()) {
      const text = reading.texts[c] ?? "";
      const codesOf = known[c] as Map<string, number>;
      if (!codesOf.has(text)) codesOf.set(text, (values as string[]).push(text) - 1);
      codes[at] = codesOf.get(text) as number;
    }
  }
  return batch;
}

/** A copy of the first `rows` rows of a batch, with room for `capacity` rows and its own lists of texts. */
export function roomyCopy(batch: Batch, rows: number, capacity: number): Batch {
  const copy: Batch = {
    length: rows,
    timestamps: new Float64Array(capacity),
    keys: new Uint32Array(capacity),
    columns: batch.columns.map(() => new Float64Array(capacity)),
    labels: batch.labels.map(() => new Float64Array(capacity)),
    texts: batch.texts.map(
      ({ values }): TextColumn => ({ codes: new Uint32Array(capacity), values: [...values] }),
    ),
    rows: new Uint32Array(capacity),
    source: batch.source,
  };
  for (let row = 0; row < rows; row++) copyRow(batch, row, copy, row);
  return copy;
}

/** Writes a reading. */
export function writeHeld(writer: StateWriter, reading: HeldReading): void {
  const { timestamp, row, source, columns, labels, texts } = reading;
  writer.f64(timestamp);
  writer.u32(row);
  writer.u32(source);
  for (const numbers of [columns, labels]) {
    writer.u32(numbers.length);
    for (const number of numbers) writer.f64(number);
  }
  writer.u32(texts.length);
  for (const text of texts) writer.text(text);
}

/** Reads what {@link writeHeld} wrote. */
export function readHeld(reader: StateReader): HeldReading {
  const timestamp = reader.f64();
  const row = reader.u32();
  const source = reader.u32();
  const numbers = (): number[] => Array.from({ length: reader.u32() }, () => reader.f64());
  const columns = numbers();
  const labels = numbers();
  const texts = Array.from({ length: reader.u32() }, () => reader.text());
  return { timestamp, row, source, columns, labels, texts };
}
