import { quoted } from "../../messages/printable.ts";
import { isAnnotation } from "../csv/annotation.ts";
import type { DecodeContext } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import type { BatchBuilder } from "./batch-builder.ts";
import { cleanCell, readNumber } from "./cell.ts";
import { ABSENT, findPlaces, type Place, type Places } from "./places.ts";
import { ownText, type TextDictionary } from "./text-dictionary.ts";
import { TimeCells } from "./time-cells.ts";

/** A cell of a record: text as written, or a number. */
export type Cell = string | number;

/** How to interpret the records of an input. */
export interface RecordShape extends Pick<InputProfile, "time"> {
  /** One per cell, in the order of the cells. */
  readonly columns: InputProfile["columns"];
  /** Cells of the header, which may occur again later; null: no header. */
  readonly header: readonly string[] | null;
  /** Character code of `.` or `,`. */
  readonly decimalMark: number;
}

/** Why a row is unusable. */
export interface RowFault {
  readonly reason: string;
  readonly detail: string;
}

/** The targets of a {@link RowReader}. */
export type RowContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries" | "startMs">;

const MS_PER_ROW = 1000;
/** Longest key, in characters. */
export const MAX_KEY_LENGTH = 256;
const MAX_SHOWN = 60;

/** The fault of a repeated header. */
const REPEATED_HEADER: RowFault = {
  reason: "repeated header",
  detail: "the header again, as in joined files",
};

/** The fault of a record without any value, as spreadsheets write below a table. */
export const BLANK_RECORD: RowFault = {
  reason: "blank",
  detail: "no cell has a value",
};

/** Writes the cells of records into the columns of a batch. */
export class RowReader {
  readonly #context: RowContext;
  readonly #places: Places;
  /** Reads the time; null: the input has none. */
  readonly time: TimeCells | null;
  readonly #header: readonly string[] | null;
  readonly #decimalMark: number;
  /** Whether it is the annotated CSV of InfluxDB, which has several tables. */
  readonly #isAnnotated: boolean;
  #lastKey: Cell = "";
  #lastKeyCode = ABSENT;

  constructor({ columns, time, header, decimalMark }: RecordShape, context: RowContext) {
    this.#context = context;
    this.#places = findPlaces({ columns, time }, context.layout);
    const { time: found } = this.#places;
    this.time = found === null ? null : new TimeCells(found.plan, found.places);
    this.#header = header?.map(cleanCell) ?? null;
    this.#decimalMark = decimalMark;
    this.#isAnnotated = ["_time", "_value"].every((name) => this.#header?.includes(name));
  }

  /**
   * Writes a record as row `length` of `batch` without counting it. For a usable record, allocates only new keys and
   * texts.
   *
   * @param row 1-based row of the input.
   * @param stampMs Time of a record without a timestamp, ms since epoch; by default rows are 1 s apart.
   * @returns The fault of the record, or null.
   */
  read(
    cells: readonly Cell[],
    row: number,
    batch: BatchBuilder,
    stampMs = this.#context.startMs + (row - 1) * MS_PER_ROW,
  ): RowFault | null {
    batch.rows[batch.length] = row;
    const fault =
      this.#readTime(cells, stampMs, batch) ??
      this.#readNumbers(cells, batch) ??
      this.#readLabels(cells, batch) ??
      this.#readKey(cells, batch) ??
      this.#readTexts(cells, batch);
    if (fault === null) this.time?.complete(batch, stampMs);
    // names are not numbers, so a header always has a fault at its first numeric cell
    const isHeader = fault !== null && this.#header !== null && repeatsHeader(cells, this.#header);
    if (fault !== null && this.#isAnnotated && (isHeader || isAnnotation(String(cells[0])))) {
      return BLANK_RECORD;
    }
    if (isHeader) return REPEATED_HEADER;
    return fault !== null && cells.every((cell) => cell === "") ? BLANK_RECORD : fault;
  }

  #readTime(cells: readonly Cell[], stampMs: number, batch: BatchBuilder): RowFault | null {
    if (this.time === null) {
      batch.timestamps[batch.length] = stampMs;
      return null;
    }
    const fault = this.time.read(cells, batch);
    if (fault === null) return null;
    const { plan, places, faulty } = this.time;
    const { name, cell } = faulty;
    if (fault === "absent") {
      return { reason: "no timestamp", detail: `the input has no column "${name}"` };
    }
    if (fault === "missing") return { reason: "no timestamp", detail: `${name}: empty` };
    const names = places.map((place) => place.name).join(" and ");
    const texts = places.length === 1 ? [cells[cell]] : places.map((place) => cells[place.cell]);
    const detail = `${names}: ${quote(texts.join(" "))} is not a time (${plan.format})`;
    return { reason: "bad timestamp", detail };
  }

  #readNumbers(cells: readonly Cell[], batch: BatchBuilder): RowFault | null {
    const places = this.#places.numeric;
    for (let i = 0; i < places.length; i++) {
      const { cell, name, reader } = places[i] as Place;
      const text = cell === ABSENT ? "" : (cells[cell] as Cell);
      const number = reader === null ? readNumber(text, this.#decimalMark) : reader.read(text);
      if (number === undefined) {
        return { reason: "not a number", detail: `${name}: ${quote(text)} is not a number` };
      }
      (batch.columns[i] as Float64Array)[batch.length] = number;
    }
    return null;
  }

  #readLabels(cells: readonly Cell[], batch: BatchBuilder): RowFault | null {
    const places = this.#places.labels;
    for (let i = 0; i < places.length; i++) {
      const { cell, name, reader } = places[i] as Place;
      const text = cell === ABSENT ? "" : (cells[cell] as Cell);
      const label = reader === null ? readNumber(text, this.#decimalMark) : reader.read(text);
      if (label === undefined || !(label === 0 || label === 1 || Number.isNaN(label))) {
        const detail = `${name}: ${quote(text)} is not 0, 1, true or false`;
        return { reason: "not a label", detail };
      }
      (batch.labels[i] as Float64Array)[batch.length] = label;
    }
    return null;
  }

  #readKey(cells: readonly Cell[], batch: BatchBuilder): RowFault | null {
    const { name, cell: place } = this.#places.key;
    const cell = place === ABSENT ? "" : (cells[place] as Cell);
    if (cell !== this.#lastKey || this.#lastKeyCode === ABSENT) {
      const { keys, layout } = this.#context;
      const key = cleanCell(String(cell)) || layout.constantKey;
      if (key.length > MAX_KEY_LENGTH) {
        const detail = `${name}: a key of ${key.length} characters, the limit is ${MAX_KEY_LENGTH}`;
        return { reason: "key too long", detail };
      }
      const known = keys.find(key);
      const code = known < 0 ? keys.intern(ownText(key)) : known;
      if (code < 0) {
        const detail = `${name}: ${quote(key)} would be key ${keys.capacity + 1}, the limit is ${keys.capacity}`;
        return { reason: "too many keys", detail };
      }
      this.#lastKey = cell;
      this.#lastKeyCode = code;
    }
    batch.keys[batch.length] = this.#lastKeyCode;
    return null;
  }

  #readTexts(cells: readonly Cell[], batch: BatchBuilder): null {
    const places = this.#places.text;
    for (let i = 0; i < places.length; i++) {
      const { cell } = places[i] as Place;
      const text = cell === ABSENT ? "" : cleanCell(String(cells[cell]));
      const dictionary = this.#context.dictionaries[i] as TextDictionary;
      (batch.texts[i] as Uint32Array)[batch.length] = dictionary.code(text);
    }
    return null;
  }
}

/** A cell for messages: quoted, shortened, with visible control characters. */
function quote(cell: Cell): string {
  const text = String(cell);
  return quoted(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

/**
 * Whether a record repeats the header, as in joined files.
 *
 * @param header Names, as `cleanCell` gives them.
 */
export function repeatsHeader(
  cells: readonly (string | number)[],
  header: readonly string[],
): boolean {
  return header.every((name, i) => name === cleanCell(String(cells[i] ?? "")));
}
