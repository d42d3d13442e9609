import { trustFewRows } from "../columns/few-rows.ts";
import { NO_TIMESTAMPS } from "../columns/profile-columns.ts";
import type { DecodeOptions, InputProfile } from "../decoder.ts";
import { lineFormatOf, lineFormats } from "../registry.ts";
import { isBootMessage } from "./boot-message.ts";
import type { LineFormat } from "./line-format.ts";
import { recencyWeights, weighKinds } from "./recency.ts";

/** A format and what the lines look like in it. */
export interface DetectedFormat {
  readonly format: LineFormat;
  readonly profile: InputProfile;
}

/** How the format of lines is found out. */
export interface DetectOptions extends DecodeOptions {
  /** One of `lineFormats`, or `auto`. */
  readonly format: string;
  /** Whether to make do with what there is: nothing more may come for long. */
  readonly final: boolean;
}

/** Readings that must agree before more lines are waited for no longer. */
const MIN_READINGS = 3;
/** Share of the weight of all lines that a format must have. */
const MIN_SHARE = 0.5;
/** Lines that are looked at, the last ones. */
const MAX_LINES = 500;

/**
 * Finds out how the first lines of a source are written. What a board prints when it starts, parts of lines
 * and garbage among them do not matter: the newer a line, the more it counts.
 *
 * @param lines Without line breaks; the more, the surer are the parts that the columns play.
 * @returns Null when they do not say, or too few of them do.
 */
export function detectLineFormat(
  lines: readonly string[],
  input: string,
  options: DetectOptions,
): DetectedFormat | null {
  const last = lines.slice(-MAX_LINES).filter((line) => line.trim() !== "" && !isBootMessage(line));
  const format =
    options.format === "auto" ? likeliestFormat(last, options.final) : lineFormatOf(options.format);
  if (format === null) return null;
  const profile = format.profile(last, input, options);
  if (profile === null) return null;
  if (profile.rowsSampled < MIN_READINGS && !options.final) return null;
  return { format, profile: { ...trustFewRows(profile), notes: profile.notes.map(noteOnArrival) } };
}

function noteOnArrival(note: string): string {
  return note === NO_TIMESTAMPS ? "no timestamps: a reading is as old as its arrival" : note;
}

/**
 * The format that most lines speak for, the newer the more; null when none does clearly.
 *
 * @param final As in `DetectOptions`.
 */
export function likeliestFormat(lines: readonly string[], final: boolean): LineFormat | null {
  let best: LineFormat | null = null;
  let most = 0;
  for (const format of lineFormats) {
    const kinds = lines.map((line) => format.kindOf(line));
    const weight = Math.max(0, ...weighKinds(kinds).values());
    if (weight > 0 && weight >= most) {
      best = format;
      most = weight;
    }
  }
  const all = recencyWeights(lines.length).reduce((sum, weight) => sum + weight, 0);
  return final || most >= all * MIN_SHARE ? best : null;
}
