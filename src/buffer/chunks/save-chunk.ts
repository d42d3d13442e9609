import type { DataFrame } from "nodejs-polars";
import { KeyTable } from "../../core/key-table.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import type { FrameColumns } from "../frame-columns.ts";
import { exactColumn, polars } from "../polars.ts";
import { createStaging, type Segment, type Staging } from "./staging.ts";

/** Writes the first `length` staged rows. */
export function saveStaging(staging: Staging, length: number, writer: StateWriter): void {
  writer.u32(length);
  writer.f64s(staging.timestamps, 0, length);
  for (const code of staging.keys.subarray(0, length)) writer.u32(code);
  for (const column of staging.numbers) writer.f64s(column, 0, length);
  for (const [i, codes] of staging.texts.entries()) {
    saveTexts(textsOf(codes, i, staging.segments, length), writer);
  }
}

/**
 * Reads rows that {@link saveStaging} or {@link saveFrame} wrote.
 *
 * @throws {RangeError} If the bytes end early.
 */
export function loadStaging(
  columns: FrameColumns,
  reader: StateReader,
): { readonly staging: Staging; readonly length: number } {
  const length = reader.u32();
  if (length * 8 > reader.remaining)
    throw new RangeError(`The bytes are too few for ${length} rows`);
  const staging = createStaging(columns, length);
  reader.f64s(staging.timestamps, 0, length);
  for (let i = 0; i < length; i++) staging.keys[i] = reader.u32();
  for (const column of staging.numbers) reader.f64s(column, 0, length);
  const dictionaries = staging.texts.map((codes) => loadTexts(codes, length, reader));
  staging.segments.push({ from: 0, dictionaries });
  return { staging, length };
}

/** Writes the rows of a frame; its times are whole milliseconds. */
export function saveFrame(
  frame: DataFrame,
  columns: FrameColumns,
  keys: KeyTable,
  writer: StateWriter,
): void {
  const pl = polars();
  const { timestamp, key, numeric, labels, text } = columns;
  const numbers = (name: string, expression = exactColumn(name)): Float64Array =>
    frame
      .select(expression.cast(pl.Float64).fillNull(pl.lit(Number.NaN)))
      .getColumn(name)
      .toTypedArray() as Float64Array;
  writer.u32(frame.height);
  writer.f64s(numbers(timestamp, exactColumn(timestamp).cast(pl.Int64)));
  for (const name of frame.getColumn(key).toArray() as string[]) writer.u32(keys.find(name));
  for (const name of [...numeric, ...labels]) writer.f64s(numbers(name));
  for (const name of text) {
    const texts = frame.getColumn(name).toArray() as (string | null)[];
    saveTexts(
      texts.map((value) => value ?? ""),
      writer,
    );
  }
}

function textsOf(
  codes: Uint32Array,
  column: number,
  segments: readonly Segment[],
  length: number,
): readonly string[] {
  return segments.flatMap(({ from, dictionaries }, s) => {
    const values = dictionaries[column] as readonly string[];
    const end = segments[s + 1]?.from ?? length;
    return Array.from(codes.subarray(from, end), (code) => values[code] as string);
  });
}

function saveTexts(texts: readonly string[], writer: StateWriter): void {
  const table = new KeyTable();
  const codes = texts.map((value) => table.intern(value));
  writer.u32(table.size);
  for (const value of table.names) writer.text(value);
  for (const code of codes) writer.u32(code);
}

function loadTexts(codes: Uint32Array, length: number, reader: StateReader): readonly string[] {
  const size = reader.u32();
  if (size > length) throw new RangeError(`${size} texts are too many for ${length} rows`);
  const values = Array.from({ length: size }, () => reader.text());
  for (let i = 0; i < length; i++) codes[i] = reader.u32();
  return values;
}
