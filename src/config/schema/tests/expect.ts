/**
 * What a test expects. A test compares only the settings that an entry has.
 *
 * @module
 */
import { z } from "zod";
import { parseTimestamp } from "../../../core/timestamp/timestamp.ts";
import { duration, severity, text } from "../../../io/setting-values.ts";

const RANGE = /^[1-9]\d{0,8}\.\.[1-9]\d{0,8}$/;

/** Rows `from` to `to`, both included. The first row is 1. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

const rows = z
  .union([z.int().min(1), z.string().regex(RANGE, { abort: true })], {
    error: "must be a row such as 301, or rows such as 301..305",
  })
  .transform((value): RowRange => {
    const [from = 0, to = from] = String(value).split("..").map(Number);
    return { from, to };
  })
  .refine(({ from, to }) => from <= to, { error: "ends before it begins" });

/** A time in ISO 8601, as ms since epoch. */
export const time = z
  .string({ error: "must be a time such as 2024-05-01T12:30:00Z" })
  .refine((value) => Number.isFinite(parseTimestamp(value, "iso8601")), {
    error: "must be a time such as 2024-05-01T12:30:00Z",
  })
  .transform((value) => parseTimestamp(value, "iso8601"));

const alert = z
  .strictObject({
    sensor: text.optional().describe("Sensor."),
    detector: text.optional().describe("Name of the detector."),
    status: z.enum(["firing", "escalated", "repeated", "resolved"]).default("firing"),
    severity: severity.optional().describe("Highest severity of the episode so far."),
    row: rows.optional().describe("Row of the last reading at its time or before."),
    at: time.optional().describe("Its time."),
    within: duration.optional().describe("Allowed distance from `at`, earlier or later."),
    reasons: z
      .array(text)
      .optional()
      .describe("Features or rule that it names as reasons, or /an expression/ for its summary."),
  })
  .refine(({ at, within }) => within === undefined || at !== undefined, {
    path: ["within"],
    error: "needs `at`",
  });

const scores = z
  .strictObject({
    row: rows.describe("Row or rows."),
    sensor: text.optional().describe("Sensor; by default all."),
    detector: text.optional().describe("Detector; by default all that score."),
    min: z.number().optional().describe("Smallest anomaly score, 0 to 1."),
    max: z.number().optional().describe("Largest anomaly score, 0 to 1."),
    anomalous: z.boolean().optional().describe("Whether they are above the alarm boundary."),
  })
  .refine(({ min, max, anomalous }) => (min ?? max ?? anomalous) !== undefined, {
    error: "needs min, max or anomalous",
  });

const reject = z.strictObject({
  line: z.int().min(1).optional().describe("Line of the input."),
  reason: text.optional().describe("Reason, as in the counts of rejected rows."),
});

const sent = z.strictObject({
  headers: z
    .record(text, text.nullable())
    .default({})
    .describe("Text or /expression/ of each header; null: the header must be missing."),
  body: z.unknown().optional().describe("Part of the body."),
});

const counted = <Entry extends z.ZodType>(entry: Entry, what: string) =>
  z.union([z.literal("none"), z.int().min(0), z.array(entry)], {
    error: `must be none, a number, or a list of ${what}`,
  });

/** `expect` of a test. */
export const expectSchema = z.strictObject({
  min_severity: severity.default("info").describe("Alerts below this severity are ignored."),
  detectors: z.array(text).min(1).optional().describe("Alerts of other detectors are ignored."),
  alerts: counted(alert, "alerts").optional().describe("Alerts: none, how many, or a list."),
  scores: z.array(scores).optional().describe("Scores of some rows."),
  rejects: counted(reject, "rejects")
    .optional()
    .describe("Rejected rows: none, how many, or a list."),
  sinks: z
    .record(text, counted(sent, "messages"))
    .optional()
    .describe("Messages that each sink would send: none, how many, or a list."),
});

/** Entries of `expect`, checked. */
export type ExpectConfig = z.output<typeof expectSchema>;
export type AlertExpectation = z.output<typeof alert>;
export type ScoresExpectation = z.output<typeof scores>;
export type RejectExpectation = z.output<typeof reject>;
export type SentExpectation = z.output<typeof sent>;
