import type { DecodeContext, DecodeOptions, InputProfile } from "../decoder.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** What a reader of lines needs to know. */
export type LineContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries">;

/** What became of a line: a row, nothing (empty, comment, header), or a fault. */
export type LineOutcome = "row" | "none" | RowFault;

/** Reads one line after the other. */
export interface LineReader {
  /**
   * Writes a row as row `length` of `batch`, and counts it when the answer is `row`.
   *
   * @param text Without its line break; what was no UTF-8 is U+FFFD.
   * @param number 1-based number of the line.
   * @param arrivalMs Event time where there are no timestamps, ms since epoch.
   */
  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome;
}

/**
 * One way of writing a reading as a line, for sources that go on: lines are known one at a time, and there
 * may be others between them.
 */
export interface LineFormat<Profile extends InputProfile = InputProfile> {
  /** Name of the format. */
  readonly name: string;
  /**
   * What kind of reading a line looks like, for finding out the format: lines of one kind belong together.
   * Null when it does not look like a reading of this format. O(length).
   */
  kindOf(line: string): string | null;
  /**
   * Looks at the first lines; those that are something else do not matter.
   *
   * @returns Plain data, which survives JSON but for NaN; null when there is no number in them.
   */
  profile(lines: readonly string[], input: string, options: DecodeOptions): Profile | null;
  /**
   * The profile of the lines after this one, if it is a header that says they have other columns.
   *
   * @param rename As in `DecodeOptions`.
   * @returns Null when it says no such thing. O(length).
   */
  rehead?(profile: Profile, line: string, rename: Readonly<Record<string, string>>): Profile | null;
  /** A reader for lines of that profile, the profiled ones too. */
  reader(profile: Profile, context: LineContext): LineReader;
}
