import {
  COLON,
  isBlank,
  isControl,
  isDelimiter,
  isDigit,
  isSeparator,
  QUOTE,
  RIGHT_ANGLE,
} from "./characters.ts";
import { leadingTime } from "./leading-time.ts";
import { isUnit, type Measure, parseMeasure } from "./measure.ts";

/** A value of a line and its name. */
export interface Pair {
  readonly name: string;
  /** As written, with a unit that follows without a blank. */
  readonly value: string;
  /** Number and unit; null for other values. */
  readonly measure: Measure | null;
  /** Whether `:` or `=` separates name and value. */
  readonly labelled: boolean;
}

/** Name of a leading time. */
export const TIME = "time";
/** Prefix of the names of nameless numbers: value_1, value_2 ... */
const NAMELESS = "value";
/** Maximum number of words and characters of a name. */
const MAX_WORDS = 6;
const MAX_NAME = 100;

const SENDING = "': Sending state ";
const SENT_STATE = /\]:? '([^']{1,100})': Sending state (\S+)(?: (?!with )(\S+))?/;

const DATE = /^\d{4}-\d\d-\d\d$/;
const CLOCK = /^\d\d:\d\d/;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Parses a line such as `temp:23.4,hum:45`, `temp=23.4 hum=45`, `Humidity: 45.0 %  Heat index: 23.1 C` or
 * `23.4 45.1`. Nameless numbers become `value_1`, `value_2` ...; after a number named `temp` they become `temp_2`, and
 * so does a second `temp`. O(length).
 */
export function parsePairs(line: string): readonly Pair[] {
  return withClock(line, parseSentState(line) ?? new PairScanner(line).scan());
}

/** The pairs of a line, with a time of day in front of it. */
function withClock(line: string, pairs: readonly Pair[]): readonly Pair[] {
  const { clock } = leadingTime(line);
  if (clock === null || pairs.length === 0 || pairs.some(({ name }) => name === TIME)) return pairs;
  return [{ name: TIME, value: clock, measure: null, labelled: true }, ...pairs];
}

/** The state that a log line of ESPHome tells: `[D][sensor:094]: 'Room': Sending state 21.5 °C with 1 decimals`. */
function parseSentState(line: string): readonly Pair[] | null {
  const [, name, value, unit = ""] = line.includes(SENDING) ? (SENT_STATE.exec(line) ?? []) : [];
  if (name === undefined || value === undefined) return null;
  const measure = parseMeasure(value + unit) ?? parseMeasure(value);
  return [{ name, value, measure, labelled: true }];
}

class PairScanner {
  readonly #line: string;
  readonly #pairs: Pair[] = [];
  readonly #taken = new Map<string, number>();
  #at = 0;
  /** Words since the last value, which make up the next name. */
  #words: string[] = [];
  #lastName = NAMELESS;
  /** Whether only blanks separate `#at` from a value, so that a unit may follow. */
  #behindValue = false;

  constructor(line: string) {
    this.#line = line;
  }

  scan(): readonly Pair[] {
    const { time, end } = leadingTime(this.#line);
    if (time !== null) this.#add(TIME, time, true);
    this.#at = end;
    this.#behindValue = false;
    this.#lastName = NAMELESS;
    while (this.#skipDelimiters()) this.#readWord();
    return this.#pairs;
  }

  /** Moves to the next word; false at the end of the line. */
  #skipDelimiters(): boolean {
    for (; this.#at < this.#line.length; this.#at++) {
      const code = this.#line.charCodeAt(this.#at);
      if (isDelimiter(code)) {
        this.#words = [];
        this.#behindValue = false;
      } else if (!isControl(code)) return true;
    }
    return false;
  }

  #readWord(): void {
    const start = this.#at;
    const word = this.#takeWord();
    const next = this.#skipBlanks(this.#at);
    if (isSeparator(this.#line.charCodeAt(next)) && word !== "") {
      this.#at = this.#skipSeparator(next);
      this.#readValue([...this.#words, word].join(" "));
      return;
    }
    if (this.#at === start)
      this.#at += 1; // a separator without a name
    else this.#takeLoose(word);
  }

  /** Takes a word without a separator after it: a number, a unit, or part of a name. */
  #takeLoose(word: string): void {
    const measure = parseMeasure(word);
    if (measure !== null) this.#add(this.#words.join(" ") || this.#lastName, word, false);
    else if (this.#behindValue && isUnit(word)) {
      this.#behindValue = false;
      this.#addUnit(word);
    } else if (WORD.test(word)) {
      this.#behindValue = false;
      this.#words.push(word);
      if (this.#words.length > MAX_WORDS) this.#words.shift();
    } else this.#words = [];
  }

  #readValue(name: string): void {
    const start = this.#skipBlanks(this.#at);
    this.#words = [];
    if (start === this.#line.length || isDelimiter(this.#line.charCodeAt(start))) {
      this.#add(name, "", true);
      return;
    }
    this.#at = start;
    const value = this.#takeWord();
    const next = this.#skipBlanks(this.#at);
    const heading = isSeparator(this.#line.charCodeAt(next)) && parseMeasure(value) === null;
    // `main: temp=23.4`: the apparent value is the name
    if (heading && WORD.test(value)) this.#at = start;
    else this.#add(name, DATE.test(value) ? this.#withClock(value) : value, true);
  }

  /** A date with the time of day after a blank. */
  #withClock(date: string): string {
    const start = this.#skipBlanks(this.#at);
    if (!CLOCK.test(this.#line.slice(start, start + 5))) return date;
    this.#at = start;
    return `${date} ${this.#takeWord()}`;
  }

  /** The text up to a delimiter or separator, or within quotes. */
  #takeWord(): string {
    const start = this.#at;
    if (this.#line.charCodeAt(start) === QUOTE) {
      const end = this.#line.indexOf('"', start + 1);
      if (end > 0) {
        this.#at = end + 1;
        return this.#line.slice(start + 1, end);
      }
    }
    let at = start;
    while (at < this.#line.length && !this.#endsWord(start, at)) at += 1;
    this.#at = at;
    return this.#line.slice(start, at);
  }

  /** Whether a word that begins at `start` ends before `at`; the colons of 09:30:15 are part of it. */
  #endsWord(start: number, at: number): boolean {
    const line = this.#line;
    const code = line.charCodeAt(at);
    if (isControl(code) || isDelimiter(code)) return true;
    if (!isSeparator(code)) return false;
    const isClock =
      code === COLON && [start, at - 1, at + 1].every((place) => isDigit(line.charCodeAt(place)));
    return !isClock;
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (isBlank(this.#line.charCodeAt(at))) at += 1;
    return at;
  }

  /** `:`, `=`, also `=>` and `:=`. */
  #skipSeparator(from: number): number {
    let at = from + 1;
    for (let code = this.#line.charCodeAt(at); isSeparator(code) || code === RIGHT_ANGLE; ) {
      at += 1;
      code = this.#line.charCodeAt(at);
    }
    return at;
  }

  #add(name: string, value: string, labelled: boolean): void {
    this.#words = [];
    this.#behindValue = true;
    const written = name.trim();
    if (written === "" || written.length > MAX_NAME) return;
    this.#lastName = written;
    const count = (this.#taken.get(written) ?? 0) + 1;
    this.#taken.set(written, count);
    const unique = count === 1 && written !== NAMELESS ? written : `${written}_${count}`;
    this.#pairs.push({ name: unique, value, measure: parseMeasure(value), labelled });
  }

  /** Adds a unit after a blank to the last value. */
  #addUnit(unit: string): void {
    const last = this.#pairs.pop();
    if (last === undefined) return;
    const { measure } = last;
    this.#pairs.push(
      measure === null || measure.unit !== "" ? last : { ...last, measure: { ...measure, unit } },
    );
  }
}
