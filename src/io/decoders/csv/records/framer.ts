import { isUtf8 } from "node:buffer";
import type { CsvDialect } from "../dialect.ts";
import { type RecordBlock, RecordBlockBuilder } from "./record-block.ts";
import { MAX_RECORD_BYTES, RecordScanner } from "./scan-record.ts";

/** The part of a dialect for a {@link Framer}; cell counts are null while sampling. */
export interface Framing extends Pick<CsvDialect, "delimiter" | "newline" | "encoding"> {
  readonly firstCells: number | null;
  readonly cells: number | null;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 10;
const CR = 13;
const SPACE = 32;

/**
 * Cuts bytes into records and counts lines. A fault (a line too long, an unclosed quote, a wrong number of cells,
 * invalid UTF-8, a NUL byte) affects only its own line. Skips blank lines. Holds at most one record of 1 MiB beside the
 * chunk. The records do not depend on the chunks.
 */
export class Framer {
  readonly #framing: Framing;
  readonly #scanner: RecordScanner;
  #pending: Buffer = Buffer.alloc(0);
  #started = false;
  #line = 1;
  #skipping = false;
  #expected: number | null;

  constructor(framing: Framing) {
    const { delimiter, newline, encoding, firstCells, cells } = framing;
    // a new object, so that all framings have one hidden class and V8 compiles the loops once
    this.#framing = { delimiter, newline, encoding, firstCells, cells };
    this.#scanner = new RecordScanner(delimiter, newline);
    this.#expected = firstCells;
  }

  /** Whether the next byte begins a record of readings: no bytes are held, and the first record has passed. */
  get isBetweenRecords(): boolean {
    return (
      this.#started &&
      !this.#skipping &&
      this.#pending.length === 0 &&
      this.#expected === this.#framing.cells
    );
  }

  /** 1-based line on which the next record starts. */
  get line(): number {
    return this.#line;
  }

  /** Counts a line that the caller has read between records. */
  passLine(): void {
    this.#line += 1;
  }

  /** Adds bytes and returns the records that end in them. */
  push(chunk: Uint8Array): RecordBlock {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return this.#frame(
      this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]),
      false,
    );
  }

  /** Returns the rest at the end of the input; the last line needs no line break. */
  finish(): RecordBlock {
    return this.#frame(this.#pending, true);
  }

  #frame(data: Buffer, final: boolean): RecordBlock {
    const block = new RecordBlockBuilder(data, this.#framing.encoding);
    let at = 0;
    if (!this.#started) {
      if (data.length < BOM.length && !final) {
        this.#pending = data;
        return block.build();
      }
      this.#started = true;
      if (data.subarray(0, BOM.length).equals(BOM)) at = BOM.length;
    }
    const suspect = this.#fault(data) !== null;
    for (let next = at; ; at = next) {
      next = this.#skipping
        ? this.#skipLine(data, at)
        : this.#take(data, at, final, suspect, block);
      if (next === at) break;
    }
    this.#pending = data.subarray(at);
    return block.build();
  }

  /** Takes the record at `at` if it is complete. @returns The position after it, or `at`. */
  #take(
    data: Buffer,
    at: number,
    final: boolean,
    suspect: boolean,
    block: RecordBlockBuilder,
  ): number {
    if (at >= data.length) return at;
    const outcome = this.#scanner.scan(data, at, final, this.#expected);
    switch (outcome) {
      case "more":
        return at;
      case "complete": {
        const { end, lines } = this.#scanner;
        this.#settle(data, at, suspect, block);
        this.#line += lines;
        return end;
      }
      case "unclosed": {
        const newline = data.indexOf(this.#framing.newline, at);
        const end = newline < 0 ? data.length : newline + 1;
        block.addFault(at, end, this.#line, "unclosed quote", "a quoted cell has no proper end");
        this.#line += 1;
        return end;
      }
      case "too long": {
        const detail = `the line is longer than ${MAX_RECORD_BYTES} bytes`;
        block.addFault(at, data.length, this.#line, "line too long", detail);
        this.#skipping = true;
        return this.#skipLine(data, at);
      }
    }
  }

  /** Adds the record that the scanner has found. */
  #settle(data: Buffer, start: number, suspect: boolean, block: RecordBlockBuilder): void {
    const { cells, end } = this.#scanner;
    if (cells === 1 && isBlank(data, start, end)) return;
    if (suspect) {
      const fault = this.#fault(data.subarray(start, end));
      if (fault !== null) {
        block.addFault(
          start,
          end,
          this.#line,
          fault,
          `the line has ${fault === "NUL byte" ? "a NUL byte" : fault}`,
        );
        return;
      }
    }
    const expected = this.#expected;
    if (expected !== null && !this.#fits(data, start, expected)) {
      const detail = `${cells} ${cells === 1 ? "cell" : "cells"} instead of ${expected}`;
      block.addFault(start, end, this.#line, "cell count", detail);
      return;
    }
    block.addRecord(start, end, this.#line);
    this.#expected = this.#framing.cells;
  }

  /** Whether the record has the expected cells; it may have a delimiter after the last one. */
  #fits(data: Buffer, start: number, expected: number): boolean {
    const { cells, end } = this.#scanner;
    if (cells === expected) return true;
    if (cells !== expected + 1) return false;
    let last = end - 1;
    while (last > start && (data[last] === LF || data[last] === CR)) last -= 1;
    return data[last] === this.#framing.delimiter;
  }

  /** Why `bytes` are not valid text; null: valid. */
  #fault(bytes: Buffer): string | null {
    if (bytes.includes(0)) return "NUL byte";
    if (this.#framing.encoding === "utf8" && !isUtf8(bytes)) return "invalid UTF-8";
    return null;
  }

  /** Drops bytes of a line that is too long. */
  #skipLine(data: Buffer, at: number): number {
    const newline = data.indexOf(this.#framing.newline, at);
    if (newline < 0) return data.length;
    this.#skipping = false;
    this.#line += 1;
    return newline + 1;
  }
}

function isBlank(data: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = data[i] as number;
    if (byte !== SPACE && !(byte >= 9 && byte <= CR)) return false;
  }
  return true;
}
