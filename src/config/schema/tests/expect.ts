/**
 * What a test expects. Whatever is left out of an entry may be anything.
 *
 * @module
 */
import { z } from "zod";
import { parseTimestamp } from "../../../core/timestamp/timestamp.ts";
import { duration, severity, text } from "../../../io/setting-values.ts";

const RANGE = /^[1-9]\d{0,8}\.\.[1-9]\d{0,8}$/;

/** Rows `from` to `to`, both included, from 1 on. */
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
    severity: severity.optional().describe("Highest of the episode so far."),
    row: rows.optional().describe("Row of the reading at its time, or of the last one before."),
    at: time.optional().describe("Its time."),
    within: duration.optional().describe("How far from `at` it may be, either way."),
    reasons: z
      .array(text)
      .optional()
      .describe("Features or rule that explain it, or /an expression/ that its summary matches."),
  })
  .refine(({ at, within }) => within === undefined || at !== undefined, {
    path: ["within"],
    error: "needs `at`",
  });

const scores = z
  .strictObject({
    row: rows.describe("Rows that it is about."),
    sensor: text.optional().describe("Sensor; all of them unless given."),
    detector: text.optional().describe("Detector; all that score unless given."),
    min: z.number().optional().describe("Least anomaly score, 0 to 1."),
    max: z.number().optional().describe("Largest anomaly score, 0 to 1."),
    anomalous: z.boolean().optional().describe("Whether they are above the alarm boundary."),
  })
  .refine(({ min, max, anomalous }) => (min ?? max ?? anomalous) !== undefined, {
    error: "needs min, max or anomalous",
  });

const reject = z.strictObject({
  line: z.int().min(1).optional().describe("Line of the input."),
  reason: text.optional().describe("Short reason, as counted."),
});

const sent = z.strictObject({
  headers: z
    .record(text, text.nullable())
    .default({})
    .describe("Header to text or /expression/; null: it must not be there."),
  body: z.unknown().optional().describe("Part of the body."),
});

const counted = <Entry extends z.ZodType>(entry: Entry, what: string) =>
  z.union([z.literal("none"), z.int().min(0), z.array(entry)], {
    error: `must be none, a number, or a list of ${what}`,
  });

/** `expect` of a test. */
export const expectSchema = z.strictObject({
  min_severity: severity.default("info").describe("Milder alerts are not looked at."),
  detectors: z.array(text).min(1).optional().describe("Alerts of others are not looked at."),
  alerts: counted(alert, "alerts").optional().describe("Alerts: none, how many, or which."),
  scores: z.array(scores).optional().describe("Scores of some rows."),
  rejects: counted(reject, "rejects")
    .optional()
    .describe("Rejected rows: none, how many, or which."),
  sinks: z
    .record(text, counted(sent, "messages"))
    .optional()
    .describe("Sink to what it would send: nothing, how much, or what."),
});

/** Entries of `expect`, checked. */
export type ExpectConfig = z.output<typeof expectSchema>;
export type AlertExpectation = z.output<typeof alert>;
export type ScoresExpectation = z.output<typeof scores>;
export type RejectExpectation = z.output<typeof reject>;
export type SentExpectation = z.output<typeof sent>;
