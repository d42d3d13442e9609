/** A named value of a point. */
interface Part {
  readonly name: string;
  /** A number without its type suffix, `true`, `false`, or a text without quotes. */
  readonly value: string;
}

/** A parsed line of the line protocol, without escapes. */
export interface Point {
  readonly measurement: string;
  readonly tags: readonly Part[];
  readonly fields: readonly Part[];
  /** Digits as written; null: no timestamp. */
  readonly timestamp: string | null;
}

/** The fault of a line, a phrase. */
export interface PointFault {
  readonly wrong: string;
}

const BACKSLASH = 92;
const COMMA = 44;
const EQUALS = 61;
const QUOTE = 34;
const SPACE = 32;

const INTEGER = /^[-+]?\d+[iu]$/;
const TRUE = /^(?:t|true)$/i;
const FALSE = /^(?:f|false)$/i;
const TIMESTAMP = /^-?\d+$/;

/**
 * Parses `measurement,tag=a,... field=1.5,... timestamp`. A backslash escapes a comma, a blank or an equals sign, and
 * within a text a quote or a backslash; any other backslash is literal, as in InfluxDB. O(length).
 */
export function parsePoint(line: string): Point | PointFault {
  return new PointParser(line.trim()).parse();
}

class PointParser {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  parse(): Point | PointFault {
    const measurement = this.#name(false);
    if (measurement === "") return { wrong: "the measurement is missing" };
    const tags: Part[] = [];
    while (this.#is(COMMA)) {
      const tag = this.#part(false);
      if ("wrong" in tag) return tag;
      tags.push(tag);
    }
    this.#skipBlanks();
    const fields: Part[] = [];
    this.#at -= 1; // the first field has no comma before it
    do {
      const field = this.#part(true);
      if ("wrong" in field) return field;
      fields.push(field);
    } while (this.#is(COMMA));
    this.#skipBlanks();
    const timestamp = this.#line.slice(this.#at);
    if (timestamp === "") return { measurement, tags, fields, timestamp: null };
    if (!TIMESTAMP.test(timestamp))
      return { wrong: "the text after the fields is not a timestamp" };
    return { measurement, tags, fields, timestamp };
  }

  /** A name, `=` and a value, behind a comma. */
  #part(isField: boolean): Part | PointFault {
    this.#at += 1;
    const what = isField ? "field" : "tag";
    const name = this.#name(true);
    if (name === "") return { wrong: `a ${what} has no name` };
    if (!this.#is(EQUALS))
      return { wrong: `${what} ${JSON.stringify(name.slice(0, 60))} has no value` };
    this.#at += 1;
    if (!isField) return { name, value: this.#name(true) };
    if (this.#is(QUOTE)) {
      const value = this.#text();
      return value === null ? { wrong: "a text has no closing quote" } : { name, value };
    }
    const start = this.#at;
    while (this.#at < this.#line.length && !this.#is(COMMA) && !this.#is(SPACE)) this.#at += 1;
    const value = this.#line.slice(start, this.#at);
    return value === "" ? { wrong: "a field has no value" } : { name, value: cellOf(value) };
  }

  /** Text up to a comma, a blank, or optionally `=`. */
  #name(endsAtEquals: boolean): string {
    const start = this.#at;
    let escaped = false;
    for (; this.#at < this.#line.length; this.#at++) {
      const code = this.#line.charCodeAt(this.#at);
      if (code === BACKSLASH && this.#at + 1 < this.#line.length) {
        escaped = true;
        this.#at += 1;
      } else if (code === COMMA || code === SPACE || (endsAtEquals && code === EQUALS)) break;
    }
    const written = this.#line.slice(start, this.#at);
    return escaped ? written.replace(/\\([,= ])/g, "$1") : written;
  }

  /** The text within quotes; null without a closing quote. */
  #text(): string | null {
    const start = this.#at + 1;
    for (let at = start; at < this.#line.length; at++) {
      const code = this.#line.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) {
        this.#at = at + 1;
        return this.#line.slice(start, at).replace(/\\(["\\])/g, "$1");
      }
    }
    return null;
  }

  #skipBlanks(): void {
    while (this.#is(SPACE)) this.#at += 1;
  }

  #is(code: number): boolean {
    return this.#line.charCodeAt(this.#at) === code;
  }
}

function cellOf(value: string): string {
  if (INTEGER.test(value)) return value.slice(0, -1);
  if (TRUE.test(value)) return "true";
  return FALSE.test(value) ? "false" : value;
}
