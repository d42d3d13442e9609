import type { BatchBuilder } from "./batch-builder.ts";
import type { DecodeContext, DecodeOptions, InputProfile } from "./decoder.ts";
import type { RowFault } from "./row-reader.ts";

/** What a reader of lines needs to know. */
export type LineContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries" | "input">;

/** What became of a line: a row, nothing (empty, comment, header), or a fault. */
export type LineOutcome = "row" | "none" | RowFault;

/** Reads one line after the other of a live source. */
export interface LineReader {
  /**
   * Writes a row as row `length` of `batch`, and counts it when the answer is `row`.
   *
   * @param number 1-based number of the line.
   * @param arrivalMs Event time of a line without a timestamp, ms since epoch.
   */
  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome;
}

/** One way of writing a reading as a line, for sources that go on. Lines are known one at a time. */
export interface LineFormat {
  readonly name: string;
  readonly summary: string;
  /**
   * Looks at the first lines.
   *
   * @returns Null when they are not written like this.
   */
  profile(lines: readonly string[], input: string, options: DecodeOptions): InputProfile | null;
  /** A reader for lines of that profile, the profiled ones first. */
  reader(profile: InputProfile, context: LineContext): LineReader;
}
