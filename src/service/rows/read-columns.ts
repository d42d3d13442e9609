/**
 * Converts row objects to columns of numbers and texts, one loop per column, without allocating per cell.
 *
 * @module
 */
import { compileTime, type TimeReader } from "../../core/timestamp/compile-time.ts";
import { CellText } from "../../core/timestamp/format/cell-text.ts";
import { type TimePlan, timestampFormatOf } from "../../core/timestamp/time-plan.ts";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp/timestamp.ts";
import { readNumber } from "../../io/decoders/rows/cell.ts";
import { MAX_TEXT_LENGTH } from "../../io/decoders/rows/text-dictionary.ts";
import type { Warnings } from "../checks/warnings.ts";

/** A row of a request: its own fields are columns. */
export type RowObject = Readonly<Record<string, unknown>>;

const DOT = 46;
const TOO_LONG = `is longer than ${MAX_TEXT_LENGTH} characters: it is cut`;

/** Reads an own field of a row. */
function fieldReader(name: string): (row: RowObject) => unknown {
  return name in Object.prototype
    ? (row) => (Object.hasOwn(row, name) ? row[name] : undefined)
    : (row) => row[name];
}

/** Reads numbers; NaN: missing; true and false are 1 and 0. */
export function readNumbers(
  rows: readonly RowObject[],
  name: string,
  whole: boolean,
  warnings: Warnings,
): Float64Array {
  const out = new Float64Array(rows.length);
  const field = fieldReader(name);
  for (let i = 0; i < rows.length; i++) {
    const value = field(rows[i] as RowObject);
    const number = typeof value === "number" ? value : convert(value);
    const fault = faultOfNumber(number, whole);
    if (fault !== null) warnings.cell(i, name, value, `${fault}: it counts as null`);
    out[i] = fault === null ? (number as number) : Number.NaN;
  }
  if (whole) warnAboutDigits(out, name, warnings);
  return out;
}

function warnAboutDigits(numbers: Float64Array, name: string, warnings: Warnings): void {
  for (const [i, number] of numbers.entries()) {
    if (Math.abs(number) <= Number.MAX_SAFE_INTEGER || Number.isNaN(number)) continue;
    warnings.cell(i, name, number, "is beyond 2^53: its last digits may be lost");
  }
}

/** @param number NaN: missing; undefined: none. */
function faultOfNumber(number: number | undefined, whole: boolean): string | null {
  if (number === undefined) return "is not a number";
  if (Number.isNaN(number)) return null;
  if (!Number.isFinite(number)) return "is too large for a number of 64 bits";
  return whole && !Number.isInteger(number) ? "is not a whole number" : null;
}

function convert(value: unknown): number | undefined {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" ? readNumber(value, DOT) : undefined;
}

/** Reads labels: 1, 0 or NaN. */
export function readLabels(
  rows: readonly RowObject[],
  name: string,
  warnings: Warnings,
): Float64Array {
  const out = readNumbers(rows, name, false, warnings);
  for (const [i, value] of out.entries()) {
    if (value === 0 || value === 1 || Number.isNaN(value)) continue;
    warnings.cell(i, name, value, "is not 0, 1, true or false: it counts as null");
    out[i] = Number.NaN;
  }
  return out;
}

/** Reads event times, ms; `arrival` for rows without one. */
export function readTimes(
  rows: readonly RowObject[],
  plan: TimePlan,
  arrival: number,
  warnings: Warnings,
): Float64Array {
  const out = new Float64Array(rows.length);
  const [name = ""] = plan.columns;
  const field = fieldReader(name);
  const planned = isSet(plan) ? new PlannedTimes(plan, arrival) : null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as RowObject;
    const value = field(row);
    const time = planned === null ? timeOf(value) : planned.read(row);
    if (Number.isNaN(time)) {
      const what =
        value === undefined || value === null
          ? "is not a time: the time of arrival is used"
          : "is not a time such as 2026-03-01T09:30:00Z: the time of arrival is used";
      warnings.cell(i, name, value ?? null, what);
    }
    out[i] = Number.isNaN(time) ? arrival : time;
  }
  return out;
}

/** Whether settings say how times are written; without them, each row may have another format. */
function isSet({ columns, format, zone }: TimePlan): boolean {
  return columns.length > 1 || zone !== null || timestampFormatOf(format) === null;
}

/** Reads times as settings say. */
class PlannedTimes {
  readonly #reader: TimeReader;
  readonly #fields: readonly ((row: RowObject) => unknown)[];
  readonly #arrival: number;
  readonly #text = new CellText();

  constructor(plan: TimePlan, arrival: number) {
    this.#reader = compileTime(plan);
    this.#fields = plan.columns.map(fieldReader);
    this.#arrival = arrival;
  }

  read(row: RowObject): number {
    this.#text.clear();
    for (const field of this.#fields) {
      const value = field(row);
      if (typeof value !== "string" && typeof value !== "number") return Number.NaN;
      this.#text.add(String(value));
    }
    const time = this.#reader.read(this.#text);
    const { clock, isOpen } = this.#reader;
    if (clock === null || !isOpen || Number.isNaN(time)) return time;
    return clock.resolve(time, 0, this.#arrival);
  }
}

/** A timestamp in any known format; NaN: none. */
function timeOf(value: unknown): number {
  if (typeof value !== "string" && typeof value !== "number") return Number.NaN;
  const text = typeof value === "number" ? String(value) : value.trim();
  const time = parseTimestamp(text, "iso8601");
  if (!Number.isNaN(time)) return time;
  const format = detectTimestampFormat([text]);
  return format === null ? Number.NaN : parseTimestamp(text, format);
}

/** Reads texts; "" for missing ones. */
export function readTexts(
  rows: readonly RowObject[],
  name: string,
  warnings: Warnings,
): readonly string[] {
  const out = new Array<string>(rows.length);
  const field = fieldReader(name);
  for (let i = 0; i < rows.length; i++) {
    const value = field(rows[i] as RowObject);
    if (typeof value === "string") {
      out[i] = value;
      if (value.length > MAX_TEXT_LENGTH) warnings.cell(i, name, value, TOO_LONG);
    } else if (value === null || value === undefined) out[i] = "";
    else if (typeof value === "object") {
      warnings.cell(i, name, value, "is not a text: it counts as null");
      out[i] = "";
    } else out[i] = String(value);
  }
  return out;
}
