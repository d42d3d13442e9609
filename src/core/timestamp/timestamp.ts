/**
 * Parses timestamps of devices and spreadsheets to milliseconds since the epoch, UTC.
 *
 * Does not use `Date`: its result depends on the platform and the zone of the machine, and it reads
 * 31 February as 2 March.
 *
 * @module
 */

import { dayStart, parseDayFirst, parseIso, withinYears } from "./calendar.ts";
import { parseEpoch } from "./epoch.ts";

/** Format of a timestamp; each input has one format. */
export type TimestampFormat =
  | "iso8601"
  | "day_first"
  | "epoch_s"
  | "epoch_ms"
  | "epoch_us"
  | "epoch_ns";

/** Range in which the unit of an epoch number is unambiguous: 1990 to 2100. */
const PLAUSIBLE_FROM_MS = dayStart(1990, 1, 1);
const PLAUSIBLE_TO_MS = dayStart(2100, 1, 1);

/** Places by which the decimal point moves from the unit of a format to milliseconds. */
const EPOCH_SHIFT = { epoch_s: 3, epoch_ms: 0, epoch_us: -3, epoch_ns: -6 } as const;

const FORMATS = [
  "iso8601",
  "day_first",
  "epoch_s",
  "epoch_ms",
  "epoch_us",
  "epoch_ns",
] as const satisfies readonly TimestampFormat[];

/** Minimum share of samples that fit the format; a few bad cells must not hide a time column. */
const FITTING_SHARE = 2 / 3;

/**
 * Milliseconds since the epoch, UTC; fractions are kept.
 *
 * - `iso8601`: `2026-03-01`, `2026-03-01 09:30`, `2026-03-01T09:30:15.250+02:00`, also with `/` for
 *   `-` and `,` before the fraction, with one-digit months, days and hours, and with a zone
 *   written `Z`, `UTC`, `GMT`, `+02`, `+0200` or `+02:00`. Without a zone it is UTC.
 * - `day_first`: `01.03.2026` with the same times of day.
 * - `epoch_*`: decimal digits, with a fraction or not.
 *
 * A leap second, `23:59:60`, is the first second of the next minute, as in POSIX time.
 *
 * @param text Without surrounding spaces.
 * @returns NaN if `text` does not have this format, is not a calendar day, or lies outside the years
 * 1800 to 2200. About 50 ns; allocates nothing.
 */
export function parseTimestamp(text: string, format: TimestampFormat): number {
  switch (format) {
    case "iso8601":
      return parseIso(text);
    case "day_first":
      return parseDayFirst(text);
    default:
      return parseEpoch(text, EPOCH_SHIFT[format]);
  }
}

/**
 * Milliseconds since the epoch, UTC, of a number: the same as {@link parseTimestamp} of its decimal
 * digits. Milliseconds may also be negative.
 *
 * @returns NaN where `parseTimestamp` returns NaN, so always if the format is not an epoch.
 */
export function timestampFromNumber(value: number, format: TimestampFormat): number {
  return format === "epoch_ms" ? withinYears(value) : parseTimestamp(String(value), format);
}

/**
 * The format of at least two thirds of the samples, or null. Numbers count as an epoch if they lie
 * between 1990 and 2100 in one of the units. The caller decides whether such a column is a time or
 * a plain number.
 */
export function detectTimestampFormat(samples: readonly string[]): TimestampFormat | null {
  return FORMATS.find((format) => fitsMost(samples, format)) ?? null;
}

/** Whether enough samples fit a format. Stops as soon as the result is certain. */
function fitsMost(samples: readonly string[], format: TimestampFormat): boolean {
  const needed = Math.max(1, Math.ceil(samples.length * FITTING_SHARE));
  let fitting = 0;
  for (let i = 0; i < samples.length && fitting < needed; i++) {
    if (fits(samples[i] as string, format)) fitting += 1;
    else if (i + 1 - fitting > samples.length - needed) return false;
  }
  return fitting === needed;
}

function fits(text: string, format: TimestampFormat): boolean {
  if (format === "iso8601" || format === "day_first") {
    return !Number.isNaN(parseTimestamp(text, format));
  }
  // most numbers are not times; this check is faster than reading digits
  const about = Number(text) * 10 ** EPOCH_SHIFT[format];
  if (about < PLAUSIBLE_FROM_MS / 2 || about > PLAUSIBLE_TO_MS * 2) return false;
  const time = parseTimestamp(text, format);
  return time >= PLAUSIBLE_FROM_MS && time < PLAUSIBLE_TO_MS;
}
