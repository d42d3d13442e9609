import type { Layout } from "../../../core/layout.ts";
import { parseTimestamp, type TimestampFormat } from "../../../core/timestamp.ts";
import type { BatchBuilder } from "../batch-builder.ts";
import type { DecodeContext } from "../decoder.ts";
import { isMissing } from "../missing.ts";
import type { TextDictionary } from "../text-dictionary.ts";
import { cleanCell, parseNumber, readWordAsNumber } from "./cell.ts";
import type { CsvProfile } from "./profile.ts";

/** Why a row can't be used. */
export interface RowFault {
  readonly reason: string;
  readonly detail: string;
}

/** A column of the batch and where its cells are; -1 where the input has no such column. */
interface Place {
  readonly name: string;
  readonly cell: number;
}

const MS_PER_ROW = 1000;
const MAX_KEY_LENGTH = 256;
const MAX_SHOWN = 60;
const ABSENT = -1;

const REPEATED_HEADER: RowFault = {
  reason: "repeated header",
  detail: "the header once more, as where files were joined",
};

/** Writes the cells of one record after the other into the columns of a batch. */
export class RowReader {
  readonly #context: DecodeContext;
  readonly #header: readonly string[] | null;
  readonly #decimalMark: number;
  readonly #timestamp: Place | null;
  readonly #format: TimestampFormat;
  readonly #key: Place;
  readonly #numeric: readonly Place[];
  readonly #labels: readonly Place[];
  readonly #text: readonly Place[];
  #lastKey = "";
  #lastKeyCode = ABSENT;

  constructor({ columns, dialect }: CsvProfile, context: DecodeContext) {
    const place = (name: string): Place => ({
      name,
      cell: columns.findIndex((column) => column.name === name),
    });
    const { timestamp, key, numeric, labels, text }: Layout = context.layout;
    this.#context = context;
    this.#header = dialect.header?.map(cleanCell) ?? null;
    this.#decimalMark = dialect.decimalMark;
    this.#timestamp = timestamp === null ? null : place(timestamp.column);
    const own = columns[this.#timestamp?.cell ?? ABSENT]?.timestampFormat;
    this.#format = own ?? timestamp?.format ?? "iso8601";
    this.#key = key === null ? { name: "", cell: ABSENT } : place(key);
    this.#numeric = numeric.map(place);
    this.#labels = labels.map(place);
    this.#text = text.map(place);
  }

  /**
   * Writes one record as row `length` of `batch`, without counting it. Allocates nothing for a good
   * record but what a new key or text costs.
   *
   * @param row 1-based row of the input.
   * @returns What is wrong with the record, or null.
   */
  read(cells: readonly string[], row: number, batch: BatchBuilder): RowFault | null {
    batch.rows[batch.length] = row;
    const fault =
      this.#readTime(cells, row, batch) ??
      this.#readNumbers(cells, batch) ??
      this.#readLabels(cells, batch) ??
      this.#readKey(cells, batch) ??
      this.#readTexts(cells, batch);
    // Names are no numbers, so a header shows up as a fault of its first numeric cell at the latest.
    return fault !== null && this.#isHeader(cells) ? REPEATED_HEADER : fault;
  }

  #isHeader(cells: readonly string[]): boolean {
    return this.#header?.every((name, i) => name === cleanCell(cells[i] ?? "")) ?? false;
  }

  #readTime(cells: readonly string[], row: number, batch: BatchBuilder): RowFault | null {
    if (this.#timestamp === null) {
      batch.timestamps[batch.length] = this.#context.startMs + (row - 1) * MS_PER_ROW;
      return null;
    }
    const { name, cell } = this.#timestamp;
    if (cell === ABSENT) {
      return { reason: "no timestamp", detail: `the input has no column "${name}"` };
    }
    const text = cells[cell] ?? "";
    let time = parseTimestamp(text, this.#format);
    if (Number.isNaN(time)) {
      const clean = cleanCell(text);
      if (isMissing(clean)) return { reason: "no timestamp", detail: `${name}: empty` };
      time = parseTimestamp(clean, this.#format);
      if (Number.isNaN(time)) {
        const detail = `${name}: ${quote(text)} is not a time (${this.#format})`;
        return { reason: "bad timestamp", detail };
      }
    }
    batch.timestamps[batch.length] = time;
    return null;
  }

  #readNumbers(cells: readonly string[], batch: BatchBuilder): RowFault | null {
    const places = this.#numeric;
    for (let i = 0; i < places.length; i++) {
      const { cell, name } = places[i] as Place;
      const text = cell === ABSENT ? "" : (cells[cell] as string);
      let number: number | undefined = parseNumber(text, this.#decimalMark);
      if (!Number.isFinite(number)) number = readWordAsNumber(text, this.#decimalMark);
      if (number === undefined) {
        return { reason: "not a number", detail: `${name}: ${quote(text)} is not a number` };
      }
      (batch.columns[i] as Float64Array)[batch.length] = number;
    }
    return null;
  }

  #readLabels(cells: readonly string[], batch: BatchBuilder): RowFault | null {
    const places = this.#labels;
    for (let i = 0; i < places.length; i++) {
      const { cell, name } = places[i] as Place;
      const text = cell === ABSENT ? "" : (cells[cell] as string);
      let label: number | undefined = parseNumber(text, this.#decimalMark);
      if (!Number.isFinite(label)) label = readWordAsNumber(text, this.#decimalMark);
      if (label === undefined || !(label === 0 || label === 1 || Number.isNaN(label))) {
        const detail = `${name}: ${quote(text)} is not 0, 1, true or false`;
        return { reason: "not a label", detail };
      }
      (batch.labels[i] as Float64Array)[batch.length] = label;
    }
    return null;
  }

  #readKey(cells: readonly string[], batch: BatchBuilder): RowFault | null {
    const cell = this.#key.cell === ABSENT ? "" : (cells[this.#key.cell] as string);
    if (cell !== this.#lastKey || this.#lastKeyCode === ABSENT) {
      const { keys, layout } = this.#context;
      const key = cleanCell(cell) || layout.constantKey;
      if (key.length > MAX_KEY_LENGTH) {
        const detail = `${this.#key.name}: a key of ${key.length} characters, ${MAX_KEY_LENGTH} are the most`;
        return { reason: "key too long", detail };
      }
      const code = keys.intern(key);
      if (code < 0) {
        const detail = `${this.#key.name}: ${quote(key)} would be key ${keys.capacity + 1}, ${keys.capacity} are the most`;
        return { reason: "too many keys", detail };
      }
      this.#lastKey = cell;
      this.#lastKeyCode = code;
    }
    batch.keys[batch.length] = this.#lastKeyCode;
    return null;
  }

  #readTexts(cells: readonly string[], batch: BatchBuilder): null {
    const places = this.#text;
    for (let i = 0; i < places.length; i++) {
      const { cell } = places[i] as Place;
      const text = cell === ABSENT ? "" : cleanCell(cells[cell] as string);
      const dictionary = this.#context.dictionaries[i] as TextDictionary;
      (batch.texts[i] as Uint32Array)[batch.length] = dictionary.code(text);
    }
    return null;
  }
}

/** A cell for people: quoted, with control characters made visible, cut. */
function quote(cell: string): string {
  return JSON.stringify(cell.length > MAX_SHOWN ? `${cell.slice(0, MAX_SHOWN)}…` : cell);
}
