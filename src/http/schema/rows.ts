import { z } from "zod";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp.ts";

/** Rows of one reply; more are a matter for several calls with `since`. */
const MOST_ROWS = 100_000;

const time = z.string().transform((text, context) => {
  const format = detectTimestampFormat([text]);
  const ms = format === null ? Number.NaN : parseTimestamp(text, format);
  if (Number.isFinite(ms)) return ms;
  const message = "must be a time such as 2026-03-01, 2026-03-01T09:30:00Z or 1772357400";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** Query of the rows of a buffer. */
export const rowsQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,9}$/, { error: `must be a whole number, 1 to ${MOST_ROWS}` })
    .transform(Number)
    .pipe(z.int().min(1).max(MOST_ROWS))
    .default(1000)
    .describe(`The newest rows that fit, at most this many; up to ${MOST_ROWS}.`),
  since: time
    .optional()
    .describe("Rows of this time or later: ISO 8601 (UTC without a zone), or since 1970."),
  sensor_id: z.string().optional().describe("Rows of this sensor only."),
  format: z.enum(["json", "csv", "parquet"]).default("json").describe("How rows are written."),
});

/** Query of the statistics of a buffer. */
export const statsQuery = rowsQuery.pick({ sensor_id: true });

const statistic = z.number().nullable();

/** Statistics of the rows that a buffer holds. */
export const statsReply = z.object({
  name: z.string(),
  columns: z.array(
    z.object({
      column: z.string(),
      count: z.int().describe("Values that are not missing."),
      nulls: z.int(),
      mean: statistic,
      std: statistic.describe("Sample standard deviation."),
      min: statistic,
      q25: statistic.describe("Quartiles, linear between neighbours."),
      median: statistic,
      q75: statistic,
      max: statistic,
    }),
  ),
});

const cell = z.union([z.number(), z.string(), z.null()]);

/** Rows as JSON. */
export const rowsReply = z.object({
  name: z.string(),
  row_count: z.int(),
  rows: z.array(z.record(z.string(), cell)).describe("Oldest first; column to value."),
});
