import type { DecodeContext, DecodeOptions, InputProfile } from "../decoder.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** What a reader of lines needs. */
export type LineContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries">;

/** Result of a line: a row, nothing (empty, comment, header), or a fault. */
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
 * A format in which each line is a reading, for sources that never end: lines come one at a time, with other
 * text between them.
 */
export interface LineFormat<Profile extends InputProfile = InputProfile> {
  /** Name of the format. */
  readonly name: string;
  /**
   * Kind of reading that a line looks like, for the format detection: lines of one kind belong together.
   * Null when it is not a reading of this format. O(length).
   */
  kindOf(line: string): string | null;
  /**
   * Profiles the first lines; other text among them does no harm.
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
