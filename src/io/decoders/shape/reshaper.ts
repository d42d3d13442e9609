import type { Batch, TextColumn } from "../../../core/batch.ts";
import { KeyTable } from "../../../core/key-table.ts";
import type { Layout } from "../../../core/layout.ts";
import { quoted } from "../../messages/printable.ts";
import type { DecodeContext } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { MAX_KEY_LENGTH, type RowFault } from "../rows/row-reader.ts";
import { TextDictionary } from "../rows/text-dictionary.ts";
import { JoinedCodes } from "./joined-codes.ts";
import { type Melt, type Pivot, quantityOf, type Shape, sensorOf } from "./shape.ts";

/** Targets of a row: a column, or none because nothing reads this quantity, or none because it is unknown. */
const UNREAD = -1;
const UNKNOWN = -2;

/** What the decoder of the rows needs. */
type RowContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries">;

/** Takes the fault of a row. */
type Refuse = (row: number, fault: RowFault) => void;

/** The profile of the rows of an input, for its decoder. */
export function rowsProfile<Profile extends InputProfile>(profile: Profile): Profile {
  const { rowColumns } = profile;
  return rowColumns === undefined ? profile : { ...profile, columns: rowColumns };
}

/** The reshaper of an input; null: its rows are readings. */
export function reshaperOf(
  { shape, rowColumns = [] }: InputProfile,
  context: RowContext,
): Reshaper | null {
  const names = rowColumns.map(({ name }) => name);
  return shape === undefined ? null : new Reshaper(shape, new Set(names), context);
}

/**
 * Turns rows in long or wide format into readings. The rows are decoded as they are, with {@link rows}; a row in long
 * format becomes a reading with one value, which the intake joins with the others.
 *
 * Works on columns; allocates per batch, and for new names.
 */
export class Reshaper {
  /** Decodes the rows of the input. */
  readonly rows: RowContext;
  readonly #layout: Layout;
  readonly #keys: KeyTable;
  readonly #shape: Shape;
  /** Columns of the readings that are columns of the rows. */
  readonly #fixed: readonly string[];
  /** Joined cells of the columns that name the sensor, and their key codes; null: the rows have its key. */
  readonly #keyCells: JoinedCodes | null;
  /** Key codes by code of the joined cells, and for melted rows by column. */
  readonly #keyCodes: number[][] = [];
  readonly #nameCells: JoinedCodes | null;
  /** Targets by code of the joined names. */
  readonly #targets: number[] = [];

  /**
   * @param here Columns of the rows.
   * @param context Where readings go.
   */
  constructor(shape: Shape, here: ReadonlySet<string>, { layout, keys, dictionaries }: RowContext) {
    this.#shape = shape;
    this.#layout = layout;
    this.#keys = keys;
    const { pivot, melt, key } = shape;
    const made = new Set([melt?.value ?? "", ...Object.values(pivot?.columns ?? {})]);
    this.#fixed = layout.numeric.filter((name) => here.has(name) && !made.has(name));
    const isKeyed = melt !== null || key.length > 1 || pivot?.path === true;
    this.#keyCells = isKeyed && key.length > 0 ? new JoinedCodes(key.length) : null;
    this.#nameCells = pivot === null ? null : new JoinedCodes(pivot.name.length);
    const extra = [...(pivot?.name ?? []), ...(isKeyed ? key : [])];
    this.rows = {
      layout: {
        ...layout,
        key: isKeyed ? null : layout.key,
        numeric: [
          ...this.#fixed,
          ...(pivot === null ? [] : [pivot.value]),
          ...(melt?.columns ?? []),
        ],
        text: [...layout.text, ...extra],
      },
      // the rows of a layout without a key would add the constant key, which may have no readings
      keys: isKeyed ? new KeyTable(1) : keys,
      dictionaries: [...dictionaries, ...extra.map(() => new TextDictionary())],
    };
  }

  /** The readings of a batch of rows. @param refuse Takes the faults of rows that are none, in order. */
  reshape(batch: Batch, refuse: Refuse): Batch {
    const { pivot, melt } = this.#shape;
    const rows = pivot === null ? this.#unpivoted(batch) : this.#pivoted(batch, pivot, refuse);
    const readings =
      melt === null ? this.#keyed(rows, refuse) : this.#melted(rows, batch, melt, refuse);
    return { ...readings, texts: readings.texts.slice(0, this.#layout.text.length) };
  }

  /** The columns of the readings; those that are not in the rows are missing. */
  #unpivoted(batch: Batch): Batch {
    const { numeric } = this.#layout;
    return {
      ...batch,
      columns: numeric.map((name) => {
        const at = this.#fixed.indexOf(name);
        return at < 0 ? missing(batch.length) : (batch.columns[at] as Float64Array);
      }),
    };
  }

  #pivoted(batch: Batch, pivot: Pivot, refuse: Refuse): Batch {
    const values = batch.columns[this.#fixed.length] as Float64Array;
    const columns = this.#layout.numeric.map((name) => {
      const at = this.#fixed.indexOf(name);
      return at < 0 ? missing(batch.length) : (batch.columns[at] as Float64Array);
    });
    const first = this.#layout.text.length;
    const names = batch.texts.slice(first, first + pivot.name.length);
    const cells = this.#nameCells as JoinedCodes;
    const kept = new Uint32Array(batch.length);
    let length = 0;
    for (let row = 0; row < batch.length; row++) {
      const code = cells.code(names, row);
      if (code >= this.#targets.length)
        this.#targets.push(this.#targetOf(cells.values[code] ?? "", pivot));
      const target = this.#targets[code] as number;
      if (target >= 0) {
        (columns[target] as Float64Array)[row] = values[row] as number;
        kept[length] = row;
        length += 1;
      } else if (target === UNKNOWN) {
        refuse(row, unknownQuantity(pivot, cells.values[code] ?? ""));
      }
    }
    const whole = { ...batch, columns };
    return length === batch.length ? whole : pick(whole, kept.subarray(0, length));
  }

  #targetOf(cell: string, pivot: Pivot): number {
    const { columns } = pivot;
    const name = quantityOf(cell, pivot);
    const column = Object.hasOwn(columns, name) ? (columns[name] as string) : name;
    const target = this.#layout.numeric.indexOf(column);
    if (target >= 0 && !this.#fixed.includes(column)) return target;
    return Object.hasOwn(columns, name) ? UNREAD : UNKNOWN;
  }

  /** Gives rows the keys of several columns. */
  #keyed(rows: Batch, refuse: Refuse): Batch {
    if (this.#keyCells === null) return rows;
    const at = rows.texts.length - this.#shape.key.length;
    const parts = rows.texts.slice(at);
    const keys = new Uint32Array(rows.length);
    const kept = new Uint32Array(rows.length);
    let length = 0;
    for (let row = 0; row < rows.length; row++) {
      const code = this.#keyOf(parts, row, null, 0, refuse);
      if (code < 0) continue;
      keys[row] = code;
      kept[length] = row;
      length += 1;
    }
    const whole = { ...rows, keys };
    return length === rows.length ? whole : pick(whole, kept.subarray(0, length));
  }

  /** Makes a reading of each melted column of a row, and one of its other columns if there are any. */
  #melted(rows: Batch, batch: Batch, melt: Melt, refuse: Refuse): Batch {
    const from = this.#fixed.length;
    const wide = batch.columns.slice(from, from + melt.columns.length);
    const at = batch.texts.length - this.#shape.key.length;
    const parts = batch.texts.slice(at);
    const others = this.#fixed.length > 0 ? 1 : 0;
    const most = rows.length * (wide.length + others);
    const source = new Uint32Array(most);
    const keys = new Uint32Array(most);
    const places = new Uint32Array(most);
    const column = missing(most);
    let length = 0;
    for (let row = 0; row < rows.length; row++) {
      for (let c = 0; c < wide.length + others; c++) {
        const code = this.#keyOf(parts, row, melt, c, refuse);
        if (code < 0) continue;
        source[length] = row;
        keys[length] = code;
        places[length] = c;
        column[length] = (wide[c]?.[row] as number) ?? Number.NaN;
        length += 1;
      }
    }
    const picked = pick(rows, source.subarray(0, length));
    const { numeric } = this.#layout;
    const columns = numeric.map((name, n) => {
      if (name === melt.value) return column.slice(0, length);
      const own = picked.columns[n] as Float64Array;
      for (let i = 0; i < length; i++) if (places[i] !== wide.length) own[i] = Number.NaN;
      return own;
    });
    return { ...picked, keys: keys.slice(0, length), columns };
  }

  /** Key code of a row, and of a melted column; -1: refused. */
  #keyOf(
    parts: readonly TextColumn[],
    row: number,
    melt: Melt | null,
    c: number,
    refuse: Refuse,
  ): number {
    const base = this.#keyCells === null ? 0 : this.#keyCells.code(parts, row);
    this.#keyCodes[base] ??= [];
    const known = (this.#keyCodes[base] as number[])[c];
    if (known !== undefined) return known;
    const cells = this.#keyCells?.values[base] ?? "";
    const prefix = this.#shape.pivot?.path === true ? sensorOf(cells) : cells;
    const own = melt?.columns[c] ?? "";
    const key = [prefix, own].filter((part) => part !== "").join("/") || this.#layout.constantKey;
    if (key.length > MAX_KEY_LENGTH) {
      const detail = `a key of ${key.length} characters, the limit is ${MAX_KEY_LENGTH}`;
      refuse(row, { reason: "key too long", detail });
      return -1;
    }
    const code = this.#keys.intern(key);
    if (code < 0) {
      const { capacity } = this.#keys;
      const detail = `${quoted(key)} would be key ${capacity + 1}, the limit is ${capacity}`;
      refuse(row, { reason: "too many keys", detail });
      return -1;
    }
    (this.#keyCodes[base] as number[])[c] = code;
    return code;
  }
}

function missing(rows: number): Float64Array {
  return new Float64Array(rows).fill(Number.NaN);
}

function unknownQuantity({ name }: Pivot, quantity: string): RowFault {
  const where = name.join(" and ");
  if (quantity === "") return { reason: "no quantity", detail: `${where}: empty` };
  const detail = `${where}: ${quoted(quantity)} is not a column of the pipeline`;
  return { reason: "unknown quantity", detail };
}

/** Rows of a batch by their numbers, as a copy. */
function pick(batch: Batch, rows: Uint32Array): Batch {
  const numbers = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row] as number);
  const codes = (column: Uint32Array): Uint32Array =>
    Uint32Array.from(rows, (row) => column[row] as number);
  return {
    length: rows.length,
    timestamps: numbers(batch.timestamps),
    keys: codes(batch.keys),
    columns: batch.columns.map(numbers),
    labels: batch.labels.map(numbers),
    texts: batch.texts.map((text) => ({ codes: codes(text.codes), values: text.values })),
    rows: codes(batch.rows),
    source: batch.source,
  };
}
