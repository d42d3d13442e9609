import { type CellText, isBlank } from "./cell-text.ts";
import { isWeekday, monthOf } from "./words.ts";
import { sharedZoneName, zoneNameOffset } from "./zone-names.ts";

const MS_PER_MINUTE = 60_000;
/** No zone has this offset. */
const UNKNOWN_ZONE = Number.POSITIVE_INFINITY;
const MAX_WORD = 20;
const PM_HOURS = 12;
const ZERO = 48;
const NINE = 57;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const MINUS_SIGN = 0x2212;
const FIRST_ACCENTED = 0xaa;

/** The last word of a kind and its value: neighbouring timestamps share their words. */
class KnownWord {
  readonly #lookUp: (word: string) => number;
  readonly #codes = new Uint16Array(MAX_WORD);
  #length = 0;
  #value = 0.5;

  constructor(lookUp: (word: string) => number) {
    this.#lookUp = lookUp;
  }

  value({ codes }: CellText, start: number, end: number): number {
    let i = 0;
    if (end - start === this.#length) {
      while (i < this.#length && codes[start + i] === this.#codes[i]) i += 1;
      if (i === this.#length) return this.#value;
    }
    if (end - start > MAX_WORD) return Number.NaN;
    this.#length = end - start;
    this.#codes.set(codes.subarray(start, end));
    this.#value = this.#lookUp(String.fromCharCode(...codes.subarray(start, end)));
    return this.#value;
  }
}

/** Reads the words and the zone of a timestamp. Each method returns the position after the word; -1: it is not one. */
export class WordReader {
  /** Value of the last word. */
  value = 0.5;
  readonly #months = new KnownWord(monthOf);
  readonly #weekdays = new KnownWord((word) => (isWeekday(word) ? 1 : 0));
  readonly #zones = new KnownWord((name) => {
    const offset = zoneNameOffset(name);
    return Number.isNaN(offset) && sharedZoneName(name) === undefined ? UNKNOWN_ZONE : offset;
  });

  /** Value: 1 to 12. */
  month(text: CellText, at: number, takesDot: boolean): number {
    const end = wordEnd(text, at);
    this.value = this.#months.value(text, at, end);
    return this.value >= 1 ? dotEnd(text, end, takesDot) : -1;
  }

  weekday(text: CellText, at: number, takesDot: boolean): number {
    const end = wordEnd(text, at);
    return this.#weekdays.value(text, at, end) === 1 ? dotEnd(text, end, takesDot) : -1;
  }

  /** `AM`, `pm`, `a.m.`, `p. m.`. Value: hours to add. */
  half({ codes, length }: CellText, from: number): number {
    let at = skipBlanks(codes, from, length);
    const first = at < length ? (codes[at] as number) | 32 : 0;
    if (first !== 97 && first !== 112) return -1;
    at += 1;
    if (at < length && codes[at] === DOT) at = skipBlanks(codes, at + 1, length);
    if (at >= length || ((codes[at] as number) | 32) !== 109) return -1;
    at += 1;
    this.value = first === 112 ? PM_HOURS : 0;
    return at < length && codes[at] === DOT ? at + 1 : at;
  }

  /** `Z`, `+02:00`, `-0330`, `+2`, `CET`, `GMT+1`. Value: offset from UTC, ms; NaN: a name of several zones. */
  zone(text: CellText, from: number): number {
    const { codes, length } = text;
    const start = skipBlanks(codes, from, length);
    const end = wordEnd(text, start);
    this.value = 0;
    if (end > start) {
      this.value = this.#zones.value(text, start, end);
      if (this.value === UNKNOWN_ZONE) return -1;
      if (end === length || this.value !== 0) return end;
    }
    const sign = end < length ? codes[end] : 0;
    if (sign !== PLUS && sign !== DASH && sign !== MINUS_SIGN) return end > start ? end : -1;
    return this.#offset(text, end + 1, sign === PLUS ? MS_PER_MINUTE : -MS_PER_MINUTE);
  }

  #offset({ codes, length }: CellText, start: number, unit: number): number {
    const hoursEnd = digitsEnd(codes, start, Math.min(length, start + 2));
    if (hoursEnd === start) return -1;
    const hours = numberIn(codes, start, hoursEnd);
    const from = hoursEnd < length && codes[hoursEnd] === COLON ? hoursEnd + 1 : hoursEnd;
    const minutesEnd = digitsEnd(codes, from, Math.min(length, from + 2));
    const count = minutesEnd - from;
    if (count === 1 || (count === 0 && from > hoursEnd)) return -1;
    const minutes = numberIn(codes, from, minutesEnd);
    if (hours >= 24 || minutes >= 60) return -1;
    this.value = (hours * 60 + minutes) * unit;
    return minutesEnd;
  }
}

function skipBlanks(codes: Uint16Array, from: number, length: number): number {
  let at = from;
  while (at < length && isBlank(codes[at] as number)) at += 1;
  return at;
}

function wordEnd({ codes, length }: CellText, start: number): number {
  let at = start;
  while (at < length && isLetter(codes[at] as number)) at += 1;
  return at;
}

function dotEnd({ codes, length }: CellText, end: number, takesDot: boolean): number {
  return takesDot && end < length && codes[end] === DOT ? end + 1 : end;
}

function isLetter(code: number): boolean {
  const small = code | 32;
  return (small >= 97 && small <= 122) || code >= FIRST_ACCENTED;
}

function digitsEnd(codes: Uint16Array, start: number, end: number): number {
  let at = start;
  while (at < end && (codes[at] as number) >= ZERO && (codes[at] as number) <= NINE) at += 1;
  return at;
}

function numberIn(codes: Uint16Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + ((codes[at] as number) - ZERO);
  return value;
}
