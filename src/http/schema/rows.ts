import { z } from "zod";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp/timestamp.ts";

/** Maximum number of rows in a reply; clients use `since` for more. */
const MAX_ROWS = 100_000;

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
    .regex(/^\d{1,9}$/, { error: `must be a whole number, 1 to ${MAX_ROWS}` })
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_ROWS))
    .default(1000)
    .describe(`Maximum number of newest rows; up to ${MAX_ROWS}.`),
  since: time
    .optional()
    .describe("Only rows of this time or later: ISO 8601 (UTC without a zone), or an epoch."),
  sensor_id: z.string().optional().describe("Only rows of this sensor."),
  format: z.enum(["json", "csv", "parquet"]).default("json").describe("Format of the rows."),
});

/** Query of the statistics of a buffer. */
export const statsQuery = rowsQuery.pick({ sensor_id: true });

const statistic = z.number().nullable();

/** Statistics of the rows in a buffer. */
export const statsReply = z.object({
  name: z.string(),
  columns: z.array(
    z.object({
      column: z.string(),
      count: z.int().describe("Non-missing values."),
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
  rows: z
    .array(z.record(z.string(), cell))
    .describe("Oldest first; each maps a column to its value."),
});
