import type { FieldCase } from "./field-case.ts";

const unread = (column: string, sample: string): readonly string[] => [
  `"${column}" is not understood: "${sample}"`,
  "buffer.schema",
];

/**
 * Files modelled on exports that people have reported as unreadable (`files/`), and what `replay` must make of each.
 * A file is listed once it gives the right result, or a refusal that names the way out.
 */
export const FIELD_CASES: readonly FieldCase[] = [
  { file: "01-uci-air-quality.csv", refused: unread("Date", "01/03/2026") },
  { file: "02-hobo-ampm.csv", refused: unread("Date Time, GMT+01:00", "03/01/26 12:00:00 AM") },
  { file: "03-day-month-slash.csv", refused: unread("Date/Time", "01/03/2026 00:00") },
  { file: "04-date-and-time-columns.csv", refused: unread("Time", "00:00:00") },
  { file: "05-year-month-day-hour.csv", refused: unread("year", "2026") },
  { file: "06-compact-timestamp.csv", refused: unread("time", "20260301000000") },
  {
    file: "45-false-critical-hides-real.jsonl",
    times: ["2026-03-01T00:00:00.000Z", "2026-03-01T04:59:00.000Z", 60],
    sensors: ["45-false-critical-hides-real"],
    watched: ["state"],
    readings: 300,
    opening: ['time: "last_changed"', "last_updated (another time)"],
  },
  { file: "30-elapsed-seconds.csv", refused: unread("Time (s)", "0.00") },
];
