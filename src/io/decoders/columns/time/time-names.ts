/**
 * What the names of columns and files say about times.
 *
 * @module
 */

import { dayStart } from "../../../../core/timestamp/calendar.ts";

/** A part of a date or of a time of day that has a column of its own, by its letter in a format. */
export type DatePart = "%Y" | "%m" | "%d" | "%j" | "%H" | "%M" | "%S";

/** Names of the parts, and the largest and smallest value. */
const PARTS: readonly (readonly [DatePart, RegExp, least: number, most: number])[] = [
  ["%Y", /^(year|yr|yyyy|jahr|ann[eé]e|a[nñ]o|anno)$/i, 1900, 2200],
  ["%m", /^(month|mon|mo|monat|mois|mes|mese)$/i, 1, 12],
  ["%d", /^(day|dd|tag|jour|d[ií]a|giorno|day[ _]of[ _]month)$/i, 1, 31],
  ["%j", /^(doy|jday|julian([ _]?day)?|day[ _]?of[ _]?year)$/i, 1, 366],
  ["%H", /^(hour|hours|hr|hh|std|stunde|heure|hora|ora)$/i, 0, 24],
  ["%M", /^(minute|minutes|min|mi|minuto)$/i, 0, 59],
  ["%S", /^(second|seconds|sec|ss|sekunde|seconde|segundo|secondo)$/i, 0, 60],
];

/** The part of a date that a column of whole numbers holds, by its name and range; null: none. */
export function datePartOf(name: string, min: number, max: number): DatePart | null {
  const found = PARTS.find(([, names]) => names.test(name.trim()));
  if (found === undefined) return null;
  const [part, , least, most] = found;
  return min >= least && max <= most ? part : null;
}

const NAMED_ZONE = /(?:^|[\s,;([_])(?:UTC|GMT)[ ]?([+-]\d{1,2}(?::?\d{2})?)(?=$|[\s,;)\]_])/i;

/** The offset in the name of a column, such as `Date Time, GMT+01:00`; null: none. */
export function zoneInName(name: string): string | null {
  const offset = NAMED_ZONE.exec(name)?.[1];
  return offset === undefined || /^[+-]0?0(?::?00)?$/.test(offset) ? null : offset;
}

const CLOCK_WORDS =
  "time|zeit|temps|tiempo|tempo|elapsed(?:[ _]?time)?|t|uptime|up[ _]time|rel(?:ative)?[ _]?time";
const UNITS: readonly (readonly [format: string, names: string])[] = [
  ["elapsed_s", "s|sec|secs|second|seconds|sek|sekunden|secondes"],
  ["elapsed_ms", "ms|msec|millis|milliseconds?"],
  ["elapsed_us", "us|µs|μs|usec|micros|microseconds?"],
  ["elapsed_ns", "ns|nanos|nanoseconds?"],
  ["elapsed_min", "min|mins|minutes?|minuten"],
  ["elapsed_h", "h|hr|hrs|hours?|std|stunden|heures?"],
  ["elapsed_d", "d|days?|tage|jours?"],
];
const WITH_UNIT = UNITS.map(
  ([format, names]) =>
    [
      format,
      new RegExp(`^(?:.+[ _-])?(?:${CLOCK_WORDS})[ _,./-]*[[(]?(?:${names})[\\])]?$`, "i"),
    ] as const,
);
const UNIT_ALONE = [
  ["elapsed_ms", /^(millis|milliseconds)$/i],
  ["elapsed_us", /^(micros|microseconds)$/i],
  ["elapsed_s", /^(seconds|secs|x_value)$/i],
] as const;
const BARE = new RegExp(`^(?:${CLOCK_WORDS})$`, "i");

/** The format of elapsed time in a column of this name; `unit`: the name does not tell the unit; null: another name. */
export function elapsedFormatOf(name: string): string | "unit" | null {
  const text = name.trim();
  const found = [...WITH_UNIT, ...UNIT_ALONE].find(([, names]) => names.test(text));
  return found?.[0] ?? (BARE.test(text) ? "unit" : null);
}

const DATE_IN_STEM =
  /(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_T ]?([01]\d|2[0-3])[-_.:]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?!\d)/;

/** The time in the name of a file such as `log-2026-03-01.csv`, ms since the epoch; null: none. */
export function timeInStem(stem: string): number | null {
  const [, year, , month, day, hour = "0", minute = "0", second = "0"] =
    DATE_IN_STEM.exec(stem) ?? [];
  if (day === undefined) return null;
  const start = dayStart(Number(year), Number(month), Number(day));
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return Number.isNaN(start) ? null : start + seconds * 1000;
}
