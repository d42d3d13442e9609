import { timestampFormatOf } from "../../../../core/timestamp/time-plan.ts";
import { parseTimestamp, type TimestampFormat } from "../../../../core/timestamp/timestamp.ts";
import type { DecodeContext } from "../../decode-context.ts";
import type { BatchBuilder } from "../../rows/batch-builder.ts";
import { cleanCell, readNumber } from "../../rows/cell.ts";
import { ABSENT, findPlaces, type Place, type Places } from "../../rows/places.ts";
import { MAX_KEY_LENGTH } from "../../rows/row-reader.ts";
import type { TextDictionary } from "../../rows/text-dictionary.ts";
import type { TimeCells } from "../../rows/time-cells.ts";
import type { CsvProfile } from "../profile.ts";
import { CodeCache } from "./code-cache.ts";
import { IsoTimeReader } from "./iso-time.ts";
import type { LineCells } from "./line-cells.ts";
import { parsePlainNumber } from "./parse-number.ts";

const MS_PER_ROW = 1000;
const UPPER_Z = 90;

/**
 * Writes the cells of a plain line into the columns of a batch, from bytes, like `RowReader` from text. `RowReader`
 * must check the rows that it does not take, and finds their faults.
 */
export class PlainRowReader {
  readonly #cells: LineCells;
  readonly #context: DecodeContext;
  readonly #places: Places;
  readonly #encoding: "utf8" | "latin1";
  readonly #decimalMark: number;
  readonly #time: TimeCells | null;
  /** Format of a time in one column without a zone of its own, which is read directly; null: another time. */
  readonly #format: TimestampFormat | null;
  /** The time, if its zone or its day follows from the sensor; null: it does not. */
  readonly #openTime: TimeCells | null;
  readonly #timeCell: number;
  readonly #isoTime: IsoTimeReader | null;
  readonly #keyCache = new CodeCache();
  readonly #textCaches: readonly CodeCache[];

  /**
   * @param cells Positions of the cells of the current line at each call of {@link read}.
   * @param time Shared with the `RowReader` of the input.
   */
  constructor(
    cells: LineCells,
    profile: CsvProfile,
    context: DecodeContext,
    time: TimeCells | null,
  ) {
    const { dialect } = profile;
    this.#cells = cells;
    this.#context = context;
    this.#places = findPlaces(profile, context.layout);
    this.#encoding = dialect.encoding;
    this.#decimalMark = dialect.decimalMark;
    this.#time = time;
    const named = time?.places.length === 1 ? timestampFormatOf(time.plan.format) : null;
    this.#format = time?.plan.zone === null ? named : null;
    this.#openTime = this.#format === null ? time : null;
    this.#timeCell = time?.places[0]?.cell ?? ABSENT;
    this.#isoTime = named === "iso8601" ? new IsoTimeReader() : null;
    this.#textCaches = context.layout.text.map(() => new CodeCache());
  }

  /**
   * Writes the line as row `length` of `batch` without counting it. Allocates nothing for plain
   * numbers, common timestamps and known keys and texts.
   *
   * @param row 1-based row of the input.
   * @returns Whether it took the row; if not, it interned no key or text.
   */
  read(data: Buffer, row: number, batch: BatchBuilder): boolean {
    batch.rows[batch.length] = row;
    const isRead =
      this.#readTime(data, row, batch) &&
      this.#readNumbers(data, batch) &&
      this.#readLabels(data, batch) &&
      this.#readKey(data, batch) &&
      this.#readTexts(data, batch);
    if (isRead && this.#openTime !== null) {
      this.#openTime.complete(batch, this.#context.startMs);
    }
    return isRead;
  }

  /** Text of a cell. */
  text(data: Buffer, cell: number): string {
    return data.toString(this.#encoding, this.#cells.starts[cell], this.#cells.ends[cell]);
  }

  #readTime(data: Buffer, row: number, batch: BatchBuilder): boolean {
    const format = this.#format;
    if (format === null) return this.#readOtherTime(data, row, batch);
    const cell = this.#timeCell;
    if (cell === ABSENT) return false;
    const { starts, ends } = this.#cells;
    const times = batch.timestamps;
    const at = batch.length;
    times[at] = Number.NaN;
    this.#isoTime?.read(data, starts[cell] as number, ends[cell] as number, times, at);
    if (Number.isNaN(times[at])) times[at] = parseTimestamp(this.text(data, cell), format);
    return !Number.isNaN(times[at]);
  }

  #readOtherTime(data: Buffer, row: number, batch: BatchBuilder): boolean {
    if (this.#time !== null) {
      return this.#readIsoOfZone(data, batch) || this.#time.readBytes(data, this.#cells, batch);
    }
    batch.timestamps[batch.length] = this.#context.startMs + (row - 1) * MS_PER_ROW;
    return true;
  }

  /** @returns Whether the time is written as ISO 8601 in its common form, and set. */
  #readIsoOfZone(data: Buffer, batch: BatchBuilder): boolean {
    const cell = this.#timeCell;
    if (this.#isoTime === null || cell === ABSENT) return false;
    const end = this.#cells.ends[cell] as number;
    const times = batch.timestamps;
    this.#isoTime.read(data, this.#cells.starts[cell] as number, end, times, batch.length);
    if (Number.isNaN(times[batch.length])) return false;
    this.#time?.setOpen(data[end - 1] !== UPPER_Z);
    return true;
  }

  #readNumbers(data: Buffer, batch: BatchBuilder): boolean {
    const places = this.#places.numeric;
    for (let i = 0; i < places.length; i++) {
      const column = batch.columns[i] as Float64Array;
      if (!this.#readNumber(data, places[i] as Place, column, batch.length)) return false;
    }
    return true;
  }

  #readLabels(data: Buffer, batch: BatchBuilder): boolean {
    const places = this.#places.labels;
    for (let i = 0; i < places.length; i++) {
      const labels = batch.labels[i] as Float64Array;
      if (!this.#readNumber(data, places[i] as Place, labels, batch.length)) return false;
      const label = labels[batch.length] as number;
      if (!(label === 0 || label === 1 || Number.isNaN(label))) return false;
    }
    return true;
  }

  /** @returns Whether the cell has a number or is missing (NaN). */
  #readNumber(data: Buffer, place: Place, out: Float64Array, at: number): boolean {
    const { cell } = place;
    out[at] = Number.NaN;
    if (cell === ABSENT) return true;
    const start = this.#cells.starts[cell] as number;
    const end = this.#cells.ends[cell] as number;
    if (start === end) return true;
    if (place.reader === null && parsePlainNumber(data, start, end, this.#decimalMark, out, at)) {
      return true;
    }
    return this.#readUnusualNumber(data, place, out, at);
  }

  /** In a method of its own, so that V8 inlines the usual case. */
  #readUnusualNumber(
    data: Buffer,
    { cell, reader }: Place,
    out: Float64Array,
    at: number,
  ): boolean {
    const text = this.text(data, cell);
    const number = reader === null ? readNumber(text, this.#decimalMark) : reader.read(text);
    out[at] = number ?? Number.NaN;
    return number !== undefined;
  }

  #readKey(data: Buffer, batch: BatchBuilder): boolean {
    const { cell } = this.#places.key;
    const start = cell === ABSENT ? 0 : (this.#cells.starts[cell] as number);
    const end = cell === ABSENT ? 0 : (this.#cells.ends[cell] as number);
    let code = this.#keyCache.find(data, start, end);
    if (code < 0) {
      const { keys, layout } = this.#context;
      const key = (cell === ABSENT ? "" : cleanCell(this.text(data, cell))) || layout.constantKey;
      code = key.length > MAX_KEY_LENGTH ? -1 : keys.intern(key);
      if (code < 0) return false;
      this.#keyCache.remember(data, start, end, code);
    }
    batch.keys[batch.length] = code;
    return true;
  }

  #readTexts(data: Buffer, batch: BatchBuilder): true {
    const places = this.#places.text;
    for (let i = 0; i < places.length; i++) {
      const { cell } = places[i] as Place;
      const start = cell === ABSENT ? 0 : (this.#cells.starts[cell] as number);
      const end = cell === ABSENT ? 0 : (this.#cells.ends[cell] as number);
      const cache = this.#textCaches[i] as CodeCache;
      let code = cache.find(data, start, end);
      if (code < 0) {
        const dictionary = this.#context.dictionaries[i] as TextDictionary;
        code = dictionary.code(cell === ABSENT ? "" : cleanCell(this.text(data, cell)));
        cache.remember(data, start, end, code);
      }
      (batch.texts[i] as Uint32Array)[batch.length] = code;
    }
    return true;
  }
}
