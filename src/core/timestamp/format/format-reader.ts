import { dayStart } from "../calendar.ts";
import { type CellText, isBlank } from "./cell-text.ts";
import { type Step, stepsOf } from "./format-steps.ts";
import type { Field, Token } from "./parse-format.ts";
import { WordReader } from "./word-reader.ts";

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;

/** Years of two digits from here on are in the 20th century, as in POSIX. */
const CENTURY_PIVOT = 69;
const FRACTION_DIGITS = 9;

const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const SPACE = 32;

/**
 * Reads timestamps in a format. The format is compiled once; reading takes about 100 ns and allocates nothing.
 *
 * Numbers may have a leading zero or not. The seconds may have a fraction, with a dot or a comma. A date may come
 * without its time of day, and a time of day without its seconds. Hour 24 is the next midnight.
 */
export class FormatReader {
  /** Whether the format has a date. Without one, times count from a midnight, and hours may exceed 24. */
  readonly hasDate: boolean;
  /** Whether the format has a zone. */
  readonly hasZone: boolean;
  /** Whether the last time that was read names its zone, so that it is UTC; others are local. */
  namesZone = false;
  readonly #steps: readonly Step[];
  readonly #words = new WordReader();
  #at = 0;
  #year = 0;
  #month = 0;
  #day = 0;
  #dayOfYear = 0;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #fraction = 0.5;
  /** Hours that AM and PM add. */
  #half = 0;
  #offset = 0.5;

  constructor(tokens: readonly Token[]) {
    const has = (field: Field): boolean =>
      tokens.some((token) => "field" in token && token.field === field);
    this.hasDate = has("Y") || has("y");
    this.hasZone = has("z");
    this.#steps = stepsOf(tokens, this.hasDate);
  }

  /** Ms since the epoch if the format has a date, else since midnight; NaN if the text does not have the format. */
  read(text: CellText): number {
    this.#at = 0;
    this.#month = 1;
    this.#day = 1;
    this.#dayOfYear = 0;
    this.#hour = 0;
    this.#minute = 0;
    this.#second = 0;
    this.#fraction = 0;
    this.#half = 0;
    this.#offset = 0;
    this.namesZone = false;
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as Step;
      if (this.#at >= text.length && step.mayEnd) break;
      if (!this.#take(step, text)) return Number.NaN;
    }
    return this.#at === text.length && text.length > 0 ? this.#time() : Number.NaN;
  }

  #take(step: Step, text: CellText): boolean {
    switch (step.field) {
      case null:
        return this.#takeText(step, text);
      case "b":
        this.#at = this.#words.month(text, this.#at, step.takesDot);
        this.#month = this.#words.value;
        return this.#at > 0;
      case "a":
        this.#at = this.#words.weekday(text, this.#at, step.takesDot);
        return this.#at > 0;
      case "p":
        this.#at = this.#words.half(text, this.#at);
        this.#half = this.#words.value;
        return this.#at > 0;
      case "z":
        this.#at = this.#words.zone(text, this.#at);
        this.#setOffset(this.#words.value);
        return this.#at > 0;
      case "f":
        return this.#takeFraction(text);
      default:
        return this.#takeNumber(step.field, step, text);
    }
  }

  #takeText({ text: expected, isLoose }: Step, { codes, length }: CellText): boolean {
    let at = this.#at;
    for (let i = 0; i < expected.length; i++) {
      const code = expected[i] as number;
      if (code === SPACE) {
        const start = at;
        while (at < length && isBlank(codes[at] as number)) at += 1;
        if (at === start && !isLoose) return false;
      } else if (at < length && lower(codes[at] as number) === code) at += 1;
      else return false;
    }
    this.#at = at;
    return true;
  }

  #takeNumber(field: Field, { least, most }: Step, text: CellText): boolean {
    const { codes, length } = text;
    const start = this.#at;
    const end = Math.min(length, start + most);
    let at = start;
    let value = 0;
    for (; at < end; at++) {
      const code = codes[at] as number;
      if (code < ZERO || code > NINE) break;
      value = value * 10 + (code - ZERO);
    }
    if (at - start < least) return false;
    this.#at = at;
    this.#set(field, value);
    return field !== "S" || this.#takeSecondFraction(text);
  }

  #setOffset(offset: number): void {
    this.namesZone = !Number.isNaN(offset);
    this.#offset = this.namesZone ? offset : 0;
  }

  #set(field: Field, value: number): void {
    switch (field) {
      case "Y":
        this.#year = value;
        break;
      case "y":
        this.#year = value + (value < CENTURY_PIVOT ? 2000 : 1900);
        break;
      case "m":
        this.#month = value;
        break;
      case "d":
        this.#day = value;
        break;
      case "j":
        this.#dayOfYear = value === 0 ? Number.NaN : value;
        break;
      case "M":
        this.#minute = value;
        break;
      case "S":
        this.#second = value;
        break;
      case "H":
        this.#hour = value;
        break;
      default:
        this.#hour = value >= 1 && value <= 12 ? value % 12 : Number.NaN;
    }
  }

  /** A fraction right after the seconds, if there is one. */
  #takeSecondFraction(text: CellText): boolean {
    const { codes, length } = text;
    const mark = this.#at < length ? codes[this.#at] : 0;
    if (mark !== DOT && mark !== COMMA) return true;
    const next = this.#at + 1 < length ? (codes[this.#at + 1] as number) : 0;
    if (next < ZERO || next > NINE) return true;
    this.#at += 1;
    return this.#takeFraction(text);
  }

  /** Digits of a fraction; digits beyond the ninth are ignored. */
  #takeFraction({ codes, length }: CellText): boolean {
    const start = this.#at;
    let value = 0;
    let unit = 1;
    for (; this.#at < length; this.#at++) {
      const code = codes[this.#at] as number;
      if (code < ZERO || code > NINE) break;
      if (this.#at - start >= FRACTION_DIGITS) continue;
      value = value * 10 + (code - ZERO);
      unit *= 10;
    }
    this.#fraction = (value * MS_PER_SECOND) / unit;
    return this.#at > start;
  }

  #time(): number {
    const minute = this.#minute;
    const second = this.#second;
    if (!this.hasDate) {
      const isMinuteFirst = this.#steps[0]?.field === "M";
      if ((minute >= 60 && !isMinuteFirst) || second >= 60) return Number.NaN;
      return this.#timeOfDay();
    }
    const hour = this.#hour;
    const isMidnight = hour === 24 && minute === 0 && second === 0 && this.#fraction === 0;
    if (!(hour < 24 || isMidnight) || minute >= 60) return Number.NaN;
    if (second >= 60 && !(second === 60 && minute === 59)) return Number.NaN;
    return this.#date() + this.#timeOfDay() - this.#offset;
  }

  #date(): number {
    if (this.#dayOfYear === 0) return dayStart(this.#year, this.#month, this.#day);
    const start = dayStart(this.#year, 1, 1);
    const time = start + (this.#dayOfYear - 1) * MS_PER_DAY;
    return time < dayStart(this.#year, 12, 31) + MS_PER_DAY ? time : Number.NaN;
  }

  #timeOfDay(): number {
    const hours = (this.#hour + this.#half) * MS_PER_HOUR;
    return hours + this.#minute * MS_PER_MINUTE + this.#second * MS_PER_SECOND + this.#fraction;
  }
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
