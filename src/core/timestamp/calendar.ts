/**
 * Parses dates of the Gregorian calendar with a time of day.
 *
 * @module
 */

import { digits, FRACTION_DIGITS, fractionEnd, shortEnd } from "./digits.ts";

const MS_PER_DAY = 86_400_000;

/** Implausible years are rejected, because a corrupt year would advance event time permanently. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

/** For years that are not leap years. */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Days from 1 January of the year 1 to 1 January 1970. */
const DAYS_TO_EPOCH = 719_162;

const EARLIEST_MS = dayStart(FIRST_YEAR, 1, 1);
const LATEST_MS = dayStart(LAST_YEAR, 12, 31) + MS_PER_DAY;

const SPACE = 32;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const UPPER_T = 84;
const UPPER_Z = 90;
const LOWER_T = 116;

/** Length of `1.3.2026`. */
const SHORTEST_DAY_FIRST = 8;

/** Parses `2026-03-01 09:30:15.25+02:00` and its variants to ms since the epoch; NaN if malformed. */
export function parseIso(text: string): number {
  const separator = text.charCodeAt(4);
  if (separator !== DASH && separator !== SLASH) return Number.NaN;
  const monthEnd = shortEnd(text, 5);
  if (text.charCodeAt(monthEnd) !== separator) return Number.NaN;
  const dayEnd = shortEnd(text, monthEnd + 1);
  const month = digits(text, 5, monthEnd);
  const day = digits(text, monthEnd + 1, dayEnd);
  return dayStart(digits(text, 0, 4), month, day) + timeOfDay(text, dayEnd);
}

/** Parses `01.03.2026 09:30:15.25` and its variants to ms since the epoch; NaN if malformed. */
export function parseDayFirst(text: string): number {
  if (text.length < SHORTEST_DAY_FIRST) return Number.NaN;
  const dayEnd = shortEnd(text, 0);
  if (text.charCodeAt(dayEnd) !== DOT) return Number.NaN;
  const monthEnd = shortEnd(text, dayEnd + 1);
  if (text.charCodeAt(monthEnd) !== DOT) return Number.NaN;
  const year = digits(text, monthEnd + 1, monthEnd + 5);
  const month = digits(text, dayEnd + 1, monthEnd);
  return dayStart(year, month, digits(text, 0, dayEnd)) + timeOfDay(text, monthEnd + 5);
}

/** `time` if it lies in the years 1800 to 2200, else NaN. */
export function withinYears(time: number): number {
  return time >= EARLIEST_MS && time < LATEST_MS ? time : Number.NaN;
}

/** Midnight of a date, ms since the epoch; NaN if the day does not exist. */
export function dayStart(year: number, month: number, day: number): number {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const leapDay = leap && month === 2 ? 1 : 0;
  if (!(day >= 1 && day <= (MONTH_DAYS[month - 1] as number) + leapDay)) return Number.NaN;
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const beforeMonth = (DAYS_BEFORE_MONTH[month - 1] as number) + (leap && month > 2 ? 1 : 0);
  return (past * 365 + leapDays + beforeMonth + day - 1 - DAYS_TO_EPOCH) * MS_PER_DAY;
}

/** Parses the text after the date to ms since midnight UTC of that day; NaN if malformed. */
function timeOfDay(text: string, from: number): number {
  if (from >= text.length) return 0;
  const separator = text.charCodeAt(from);
  if (separator !== SPACE && separator !== UPPER_T && separator !== LOWER_T) return Number.NaN;
  const hourEnd = shortEnd(text, from + 1);
  if (text.charCodeAt(hourEnd) !== COLON) return Number.NaN;
  const minuteEnd = hourEnd + 3;
  const hour = digits(text, from + 1, hourEnd);
  const minute = digits(text, hourEnd + 1, minuteEnd);
  if (!(hour < 24 && minute < 60)) return Number.NaN;
  const minutes = hour * 60 + minute;
  if (text.charCodeAt(minuteEnd) !== COLON) return minutes * 60_000 - zone(text, minuteEnd);
  const secondEnd = minuteEnd + 3;
  const second = digits(text, minuteEnd + 1, secondEnd);
  if (!(second < 60 || (second === 60 && minute === 59))) return Number.NaN;
  const end = fractionEnd(text, secondEnd);
  const ms = end === secondEnd ? 0 : fractionMs(text, secondEnd + 1, end);
  return (minutes * 60 + second) * 1000 + ms - zone(text, end);
}

/** Offset of a zone from UTC in ms; 0 without one; NaN if malformed. */
function zone(text: string, from: number): number {
  if (from === text.length) return 0;
  const at = text.charCodeAt(from) === SPACE ? from + 1 : from;
  const sign = text.charCodeAt(at);
  if (sign === UPPER_Z && at + 1 === text.length) return 0;
  if (sign !== PLUS && sign !== DASH) {
    return /^(z|utc|gmt)$/i.test(text.slice(at)) ? 0 : Number.NaN;
  }
  const hours = digits(text, at + 1, at + 3);
  const minuteStart = text.charCodeAt(at + 3) === COLON ? at + 4 : at + 3;
  const minutes = at + 3 === text.length ? 0 : digits(text, minuteStart, minuteStart + 2);
  const whole = at + 3 === text.length || minuteStart + 2 === text.length;
  if (!(whole && hours < 24 && minutes < 60)) return Number.NaN;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === DASH ? -offset : offset;
}

function fractionMs(text: string, from: number, end: number): number {
  const decimals = end - from;
  if (decimals === 3) return digits(text, from, end);
  if (decimals < 3) return digits(text, from, end) * 10 ** (3 - decimals);
  const partEnd = Math.min(end, from + FRACTION_DIGITS);
  const part = digits(text, from + 3, partEnd) / 10 ** (partEnd - from - 3);
  return digits(text, from, from + 3) + part;
}
