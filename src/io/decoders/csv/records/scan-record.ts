const CR = 13;
const QUOTE = 34;

/** Maximum number of lines in a record with quoted line breaks. */
const MAX_LINES = 64;

/** Maximum length of a line or record, bytes without the line break. */
export const MAX_RECORD_BYTES = 1_048_576;

/**
 * The bytes at a position: a whole record; an incomplete record; a line with an unclosed quote; a line that is too
 * long.
 */
export type RecordOutcome = "complete" | "more" | "unclosed" | "too long";

/**
 * Finds the end of a record, with the quotes of csv-parse under `relax_quotes`: a quote opens a cell only as its first
 * byte, and the rest of the cell after the closing quote is literal.
 *
 * A stray quote would swallow the lines up to the next quote. So a record of several lines must have at most 64 lines
 * and 1 MiB, a delimiter or the end of the line after each quoted cell, and the expected number of cells.
 *
 * The outcome depends only on the bytes of the record, not on the number of bytes available so far.
 */
export class RecordScanner {
  readonly #delimiter: number;
  readonly #newline: number;

  /** After `complete`: position after the record and its line break. */
  end = 0;
  /** After `complete`: cells of the record. */
  cells = 0;
  /** After `complete`: lines of the record. */
  lines = 0;

  /** `delimiter` and `newline` are byte values. */
  constructor(delimiter: number, newline: number) {
    this.#delimiter = delimiter;
    this.#newline = newline;
  }

  /**
   * Scans the record that starts at `start`. O(length of the record).
   *
   * @param final Whether the input ends with `data`.
   * @param expected Number of cells that a record of several lines must have (or one more, for a delimiter at the
   * end); null: unknown.
   */
  scan(data: Uint8Array, start: number, final: boolean, expected: number | null): RecordOutcome {
    const outcome = this.#walk(data, start, final);
    if (outcome === "complete" && this.lines === 1) {
      return contentLength(data, start, this.end, this.#newline) > MAX_RECORD_BYTES
        ? "too long"
        : outcome;
    }
    if (this.#firstLineTooLong(data, start)) return "too long";
    if (outcome === "more") {
      return data.length - start > MAX_RECORD_BYTES ? "unclosed" : outcome;
    }
    if (outcome === "complete") {
      const extra = expected === null ? 0 : this.cells - expected;
      const long = contentLength(data, start, this.end, this.#newline) > MAX_RECORD_BYTES;
      return long || extra < 0 || extra > 1 ? "unclosed" : outcome;
    }
    return outcome;
  }

  #walk(data: Uint8Array, start: number, final: boolean): RecordOutcome {
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    let cells = 1;
    let cellStart = true;
    this.lines = 1;
    for (let at = start; at < data.length; at++) {
      const byte = data[at] as number;
      if (byte === newline) return this.#complete(at + 1, cells);
      if (cellStart && byte === QUOTE) {
        const outcome = this.#closeQuote(data, at + 1, final);
        if (outcome !== "complete") return outcome;
        at = this.end;
      }
      cellStart = byte === delimiter;
      if (cellStart) cells += 1;
    }
    return final ? this.#complete(data.length, cells) : "more";
  }

  #complete(end: number, cells: number): RecordOutcome {
    this.end = end;
    this.cells = cells;
    return "complete";
  }

  /** Moves `end` to the quote that closes a cell. */
  #closeQuote(data: Uint8Array, start: number, final: boolean): RecordOutcome {
    const linesBefore = this.lines;
    for (let at = start; at < data.length; at++) {
      const byte = data[at] as number;
      if (byte === this.#newline) {
        this.lines += 1;
        if (this.lines > MAX_LINES) return "unclosed";
      }
      if (byte !== QUOTE) continue;
      const next = data[at + 1];
      if (next !== QUOTE) {
        this.end = at;
        const multiline = this.lines > linesBefore;
        return !multiline || this.#endsCell(next) ? "complete" : "unclosed";
      }
      at += 1;
    }
    return final ? "unclosed" : "more";
  }

  /** Whether a byte may follow a closing quote; undefined, not yet available, may. */
  #endsCell(byte: number | undefined): boolean {
    return byte === undefined || byte === this.#delimiter || byte === this.#newline || byte === CR;
  }

  #firstLineTooLong(data: Uint8Array, start: number): boolean {
    const newline = data.indexOf(this.#newline, start);
    const end = newline < 0 ? data.length : newline;
    return end - start > MAX_RECORD_BYTES;
  }
}

/** Bytes of a record without its line break. */
function contentLength(data: Uint8Array, start: number, end: number, newline: number): number {
  return end - start - (end > start && data[end - 1] === newline ? 1 : 0);
}
