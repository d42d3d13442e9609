import type { DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import { lineFormatOf, lineFormats } from "../registry.ts";
import { isBootMessage } from "./boot-message.ts";
import type { LineFormat } from "./line-format.ts";
import { commonKinds, recencyWeights, weighKinds } from "./recency.ts";

/** A format and the profile of the lines in it. */
export interface DetectedFormat {
  readonly format: LineFormat;
  readonly profile: InputProfile;
}

/** Options of the format detection. */
export interface DetectOptions extends DecodeOptions {
  /** One of `lineFormats`, or `auto`. */
  readonly format: string;
  /** Whether to decide with the present lines, because the next one may take long. */
  readonly final: boolean;
  /** When the last line arrived, ms since the epoch; null: a recording. */
  readonly arrivalMs: number | null;
}

/** Number of readings that must agree before the format is certain. */
const MIN_READINGS = 3;
/** Share of the weight of all lines that a format must have. */
const MIN_SHARE = 0.5;
/** Maximum number of lines examined, the last ones. */
const MAX_LINES = 500;
/** Rows from which a counting column without a time name is a row number. */
const MIN_INDEX_ROWS = 20;
const TIME_NAME = /time|millis|uptime|tick|epoch|^ts$|^t$/i;

/**
 * Detects the format of the first lines of a source. Newer lines weigh more, so boot messages, partial lines and
 * garbage do no harm.
 *
 * @param lines Without line breaks; more lines make the roles of the columns more certain.
 * @returns Null if there are too few lines or the result is not clear.
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
  const profile = format.profile(last, input, options, options.arrivalMs);
  if (profile === null) return null;
  if (profile.rowsSampled < MIN_READINGS && !options.final) return null;
  return { format, profile: trustFewRows(profile) };
}

/** Lines that show the first format of a source. */
const FIRST_LINES = 20;
/** Lines of which more than half have another format once it has changed. */
const WINDOW_LINES = 50;

/**
 * As {@link detectLineFormat}, for the first lines of a source, which may change their format soon: the part before the
 * change decides if it is the longer one, or if the lines after it have its columns and are read once they are rejected.
 */
export function detectFirstFormat(
  lines: readonly string[],
  input: string,
  options: DetectOptions,
): DetectedFormat | null {
  const whole = detectLineFormat(lines, input, options);
  const change = changeIn(lines, options.format);
  if (change === null) return whole;
  const before = detectLineFormat(lines.slice(0, change), input, { ...options, final: true });
  if (before === null || 2 * change >= lines.length) return before ?? whole;
  const later = new Set(whole?.profile.columns.map(({ name }) => name));
  const isShared = before.profile.columns.some(
    ({ name, role }) => role === "number" && later.has(name),
  );
  return isShared ? before : whole;
}

/** The index of the first line after which most have another kind than the first lines; null: none. */
function changeIn(lines: readonly string[], wanted: string): number | null {
  const isOdd = (line: string): boolean => line.trim() === "" || isBootMessage(line);
  const first = lines.slice(0, FIRST_LINES).filter((line) => !isOdd(line));
  const format = wanted === "auto" ? likeliestFormat(first, false) : lineFormatOf(wanted);
  if (format === null) return null;
  const kinds = commonKinds(first.flatMap((line) => format.kindOf(line) ?? []));
  const failed: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (isOdd(line) || kinds.has(format.kindOf(line) ?? "")) continue;
    failed.push(i);
    const start = failed.at(-WINDOW_LINES / 2 - 1) ?? Number.NEGATIVE_INFINITY;
    if (i - start < WINDOW_LINES) return start;
  }
  return null;
}

/**
 * Treats counting columns of a short sample as readings: three growing whole numbers prove nothing.
 */
function trustFewRows<Profile extends InputProfile>(profile: Profile): Profile {
  if (profile.rowsSampled >= MIN_INDEX_ROWS) return profile;
  const columns = profile.columns.map((column) =>
    column.role === "index" && !TIME_NAME.test(column.name)
      ? { ...column, role: "number" as const }
      : column,
  );
  return { ...profile, columns };
}

/**
 * The format of most lines by weight, where newer lines weigh more; null if the result is not clear.
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
