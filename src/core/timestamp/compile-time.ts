import { withinYears } from "./calendar.ts";
import { CellText } from "./format/cell-text.ts";
import { FormatReader } from "./format/format-reader.ts";
import { parseFormat } from "./format/parse-format.ts";
import { EXCEL, elapsedUnit, type TimePlan, timestampFormatOf } from "./time-plan.ts";
import { parseTimestamp, type TimestampFormat, timestampFromNumber } from "./timestamp.ts";
import { DayClock, type KeyClock, zoneClock } from "./zone/key-clock.ts";

const MS_PER_DAY = 86_400_000;
/** Days from 30 December 1899 to 1 January 1970. */
const EXCEL_DAYS_TO_EPOCH = 25_569;

const NUMBER = /^-?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?$/i;

/** Reads the times of an input. */
export interface TimeReader {
  /** Ms; NaN if the text is not such a time. The reader of a format with letters allocates nothing. */
  read(text: CellText): number;
  /** The same for a cell, without surrounding blanks. */
  readCell(cell: string): number;
  /** The same for a number. */
  readNumber(value: number): number;
  /** Whether {@link clock} must complete the last time that was read, because it has no zone or no date. */
  readonly isOpen: boolean;
  /** Completes times; null: all are complete. */
  readonly clock: KeyClock | null;
}

/**
 * Compiles a plan, once per input.
 *
 * @throws {RangeError} If format or zone do not exist.
 */
export function compileTime({ format, zone, start }: TimePlan): TimeReader {
  const clock = zone === null ? null : zoneClock(zone);
  const unit = elapsedUnit(format);
  if (unit !== undefined) {
    const first = start ?? 0;
    return new NumberTimes((value) => withinYears(first + value * unit), null);
  }
  if (format === EXCEL) return new NumberTimes(excelTime, clock);
  const named = timestampFormatOf(format);
  if (named !== null) return new NamedTimes(named, clock);
  const tokens = parseFormat(format);
  if ("fault" in tokens) throw new RangeError(`${format}: ${tokens.fault}`);
  return new FormatTimes(new FormatReader(tokens), clock, start ?? 0);
}

/** Rounds to ms, because a day in 2026 has a precision of about 0.6 µs. */
function excelTime(days: number): number {
  return withinYears(Math.round((days - EXCEL_DAYS_TO_EPOCH) * MS_PER_DAY));
}

/** Times that are numbers. */
class NumberTimes implements TimeReader {
  readonly clock: KeyClock | null;
  readonly isOpen: boolean;
  readonly readNumber: (value: number) => number;

  constructor(readNumber: (value: number) => number, clock: KeyClock | null) {
    this.readNumber = readNumber;
    this.clock = clock;
    this.isOpen = clock !== null;
  }

  read(text: CellText): number {
    return this.readCell(text.toString());
  }

  readCell(cell: string): number {
    return NUMBER.test(cell) ? this.readNumber(Number(cell.replace(",", "."))) : Number.NaN;
  }
}

/** Times in a format with a name. */
class NamedTimes implements TimeReader {
  readonly clock: KeyClock | null;
  readonly #format: TimestampFormat;
  isOpen = false;

  constructor(format: TimestampFormat, clock: KeyClock | null) {
    this.#format = format;
    this.clock = format === "iso8601" || format === "day_first" ? clock : null;
  }

  read(text: CellText): number {
    return this.readCell(text.toString());
  }

  readCell(cell: string): number {
    this.isOpen = this.clock !== null && !namesZone(cell);
    return parseTimestamp(cell, this.#format);
  }

  readNumber(value: number): number {
    this.isOpen = this.clock !== null;
    return timestampFromNumber(value, this.#format);
  }
}

/** Times in a format with letters. */
class FormatTimes implements TimeReader {
  readonly clock: KeyClock | null;
  readonly #reader: FormatReader;
  readonly #text = new CellText();
  isOpen = false;

  constructor(reader: FormatReader, zone: KeyClock | null, start: number) {
    this.#reader = reader;
    this.clock = reader.hasDate ? zone : new DayClock(start);
  }

  read(text: CellText): number {
    const time = this.#reader.read(text);
    const { hasZone, namesZone: isZoned } = this.#reader;
    this.isOpen = !isZoned && this.clock !== null;
    // the name of a zone that stands for several
    return hasZone && !isZoned && this.clock === null ? Number.NaN : time;
  }

  readCell(cell: string): number {
    this.#text.clear();
    this.#text.add(cell);
    return this.read(this.#text);
  }

  readNumber(value: number): number {
    return this.readCell(String(value));
  }
}

/** Whether a timestamp with a date in front has a zone at its end. */
function namesZone(cell: string): boolean {
  const last = cell.charCodeAt(cell.length - 1) | 32;
  // z, utc, gmt
  if (last >= 97 && last <= 122) return true;
  return cell.includes("+") || cell.indexOf("-", 8) > 0;
}
