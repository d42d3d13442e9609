import { DEFAULT_TIME } from "../../config/schema/time.ts";
import type { Batch, TextColumn } from "../../core/batch.ts";
import type { KeyTable } from "../../core/key-table.ts";
import { type Layout, timeName } from "../../core/layout.ts";
import { findImplausible, type PlausibleRange } from "../../core/plausibility.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { MAX_KEY_LENGTH } from "../../io/decoders/rows/row-reader.ts";
import { TextDictionary } from "../../io/decoders/rows/text-dictionary.ts";
import { spanText } from "../../io/messages/span-text.ts";
import type { Schema } from "../api.ts";
import { show, Warnings } from "../checks/warnings.ts";
import { CommandError } from "../command-error.ts";
import { dropKeyless, findKeyCodes } from "./key-codes.ts";
import { type RowObject, readLabels, readNumbers, readTexts, readTimes } from "./read-columns.ts";
import { PLAIN_FIELDS, readingFields, type SentFields } from "./sent-fields.ts";

/** How to read rows. */
export interface ReadOptions {
  /** Event time of rows without one, ms. */
  readonly arrivalMs: number;
  /** Whether any warning fails the command. */
  readonly strict: boolean;
}

/** A row whose time is too far ahead of its arrival, both in ms. */
export interface AheadRow {
  readonly sensor: string;
  readonly timestamp: number;
  readonly arrivalMs: number;
}

/** Rows as a batch, with warnings. */
export interface ReadRows {
  readonly batch: Batch;
  readonly rejected: number;
  /** Why rows were rejected, by 0-based place in the command. */
  readonly faults: ReadonlyMap<number, string>;
  /** Rejected rows whose time is too far ahead of their arrival. */
  readonly ahead: readonly AheadRow[];
  readonly ignoredColumns: readonly string[];
  readonly warnings: Warnings;
}

/** Unknown columns in an answer, and characters of their names. */
const MAX_IGNORED = 100;
const MAX_NAMED = 64;

/** Converts row objects to batches of a layout. Unusable cells become null, with a warning. */
export class RowObjectReader {
  readonly #layout: Layout;
  readonly #keys: KeyTable;
  readonly #known: ReadonlySet<string>;
  readonly #whole: ReadonlySet<string>;
  readonly #dictionaries: readonly TextDictionary[];
  readonly #fields: SentFields;
  /** Plausible values. Others cause a warning here, and the intake makes them null. */
  readonly ranges: readonly PlausibleRange[];
  /** How far ahead of its arrival the time of a row may be, ms. */
  readonly maxAheadMs: number;

  /**
   * @param schema Types of the columns; empty: all numbers are floats.
   * @param keys Takes new sensors.
   * @param fields How rows name the columns.
   * @param maxAheadMs A row that is further ahead of its arrival is rejected.
   */
  constructor(
    layout: Layout,
    schema: Schema,
    keys: KeyTable,
    fields: SentFields = PLAIN_FIELDS,
    ranges: readonly PlausibleRange[] = [],
    maxAheadMs: number = DEFAULT_TIME.maxAhead,
  ) {
    this.ranges = ranges;
    this.maxAheadMs = maxAheadMs;
    const { timestamp, key, numeric, labels, text } = layout;
    this.#layout = layout;
    this.#keys = keys;
    this.#fields = fields;
    const roles = [...(timestamp?.columns ?? []), ...(key === null ? [] : [key])];
    this.#known = new Set([...roles, ...fields.key, ...numeric, ...labels, ...text]);
    this.#whole = new Set(numeric.filter((name) => schema[name] === "int"));
    this.#dictionaries = text.map(() => new TextDictionary());
  }

  /** Values of the text columns, in the order of the layout. */
  get dictionaries(): readonly TextDictionary[] {
    return this.#dictionaries;
  }

  /**
   * Reads rows and ignores further columns. O(cells), some 30 ns each.
   *
   * @throws {CommandError} `invalid` if `strict` and there is a warning; nothing has changed then.
   */
  read(sent: readonly RowObject[], { arrivalMs, strict }: ReadOptions): ReadRows {
    const rows = readingFields(sent, this.#fields);
    const { timestamp, numeric, labels, text } = this.#layout;
    const warnings = new Warnings();
    const columns = numeric.map((name) => readNumbers(rows, name, this.#whole.has(name), warnings));
    findImplausible(columns, rows.length, this.ranges, (row, range, value) => {
      warnings.cell(row, range.name, value, notPlausible(range, value));
    });
    const labelColumns = labels.map((name) => readLabels(rows, name, warnings));
    const timestamps =
      timestamp === null
        ? new Float64Array(rows.length).fill(arrivalMs)
        : readTimes(rows, timestamp, arrivalMs, warnings);
    const texts = text.map((name) => readTexts(rows, name, warnings));
    const names = this.#keyNames(rows, warnings);
    const faults = new Map<number, string>();
    const ahead = this.#ahead(timestamps, names, arrivalMs, faults, warnings);
    const keyColumn = this.#layout.key ?? "sensor_id";
    const { codes, fresh } = findKeyCodes(names, keyColumn, this.#keys, faults, warnings);
    const ignoredColumns = this.#ignored(rows);
    if (strict) rejectAny(warnings, ignoredColumns);
    // nothing throws from here on
    for (const name of fresh) this.#keys.intern(name);
    const all: Batch = {
      length: rows.length,
      timestamps,
      keys: codes,
      columns,
      labels: labelColumns,
      texts: texts.map((values, i) => this.#code(values, i)),
      rows: Uint32Array.from({ length: rows.length }, (_, i) => i + 1),
      source: 0,
    };
    const batch = dropKeyless(all);
    return { batch, rejected: faults.size, faults, ignoredColumns, warnings, ahead };
  }

  /** Finds the rows that are too far ahead of their arrival, rejects them and warns about them. */
  #ahead(
    timestamps: Float64Array,
    names: readonly string[],
    arrivalMs: number,
    faults: Map<number, string>,
    warnings: Warnings,
  ): readonly AheadRow[] {
    const ahead: AheadRow[] = [];
    const column = timeName(this.#layout) ?? "timestamp";
    for (let row = 0; row < timestamps.length; row++) {
      const timestamp = timestamps[row] as number;
      if (!(timestamp - arrivalMs > this.maxAheadMs)) continue;
      ahead.push({ sensor: names[row] as string, timestamp, arrivalMs });
      const by = spanText(timestamp - arrivalMs);
      const what = `is ${by} ahead of its arrival: the row is rejected`;
      warnings.cell(row, column, isoTime(timestamp), what);
      faults.set(row, `${column}: ${show(isoTime(timestamp))} ${what}`);
    }
    return ahead;
  }

  /** Sensor of each row. */
  #keyNames(rows: readonly RowObject[], warnings: Warnings): readonly string[] {
    const { key, constantKey } = this.#layout;
    if (key === null) return new Array<string>(rows.length).fill(constantKey);
    return readTexts(rows, key, warnings).map((text, i) => {
      const name = text.trim();
      if (name.length <= MAX_KEY_LENGTH) return name || constantKey;
      const what = `is longer than ${MAX_KEY_LENGTH} characters: it counts as null`;
      warnings.cell(i, key, name, what);
      return constantKey;
    });
  }

  #ignored(rows: readonly RowObject[]): readonly string[] {
    const ignored = new Set<string>();
    for (const row of rows) {
      for (const name in row) {
        if (this.#known.has(name) || ignored.has(name) || ignored.size >= MAX_IGNORED) continue;
        ignored.add(name);
      }
    }
    return [...ignored].map((name) => name.slice(0, MAX_NAMED));
  }

  #code(values: readonly string[], column: number): TextColumn {
    const dictionary = this.#dictionaries[column] as TextDictionary;
    const codes = new Uint32Array(values.length);
    for (let i = 0; i < values.length; i++) codes[i] = dictionary.code(values[i] as string);
    return { codes, values: dictionary.values };
  }
}

function notPlausible({ min, max }: PlausibleRange, value: number): string {
  return `${value < min ? `is below ${min}` : `is above ${max}`}: it counts as null`;
}

function rejectAny(warnings: Warnings, ignored: readonly string[]): void {
  const [first] = warnings.list;
  if (first !== undefined) {
    const more = warnings.count > 1 ? ` (and ${warnings.count - 1} more)` : "";
    throw new CommandError("invalid", `${first.message}${more}`, {
      field: first.field,
      hint: "Correct it, or leave out strict to keep the rest",
    });
  }
  if (ignored.length === 0) return;
  throw new CommandError("invalid", `the buffer has no column ${ignored.map(show).join(", ")}`, {
    field: "rows",
    hint: "Leave them out, or leave out strict to have them ignored",
  });
}
