import type { DecodeContext, DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";

/** What a reader of lines needs. */
export type LineContext = Pick<DecodeContext, "layout" | "keys" | "dictionaries">;

/** Result of a line: a row, nothing (empty, comment, header), or a fault. */
export type LineOutcome = "row" | "none" | RowFault;

/** Reads single lines. */
export interface LineReader {
  /**
   * Writes a row as row `length` of `batch`, and counts it if the result is `row`.
   *
   * @param text Without its line break; U+FFFD stands for invalid UTF-8.
   * @param number 1-based number of the line.
   * @param arrivalMs Event time of a line without a timestamp, ms since epoch.
   */
  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome;
}

/**
 * A format in which each line is a reading, for live sources: lines arrive one at a time, with other text between
 * them.
 */
export interface LineFormat<Profile extends InputProfile = InputProfile> {
  /** Name of the format. */
  readonly name: string;
  /**
   * Kind of reading on a line, for the format detection: lines of one kind belong together. Null if the line is not
   * a reading of this format. O(length).
   */
  kindOf(line: string): string | null;
  /**
   * Profiles the first lines, and ignores other text among them.
   *
   * @returns Null if the lines have no number.
   */
  profile(
    lines: readonly string[],
    input: string,
    options: DecodeOptions,
    arrivalMs?: number | null,
  ): Profile | null;
  /**
   * The profile of the following lines, if this line is a header with other columns.
   *
   * @returns Null for any other line. O(length).
   */
  rehead?(profile: Profile, line: string, options: DecodeOptions): Profile | null;
  /** Creates a reader of lines with a profile, including the profiled lines. */
  reader(profile: Profile, context: LineContext): LineReader;
}
