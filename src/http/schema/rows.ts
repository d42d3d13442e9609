import { z } from "zod";
import { detectTimestampFormat, parseTimestamp } from "../../core/timestamp/timestamp.ts";
import { limit } from "./values.ts";

/** Maximum number of rows in a reply; clients use `since` for more. */
const MAX_ROWS = 100_000;

/** RFC 3339, of any year: a filter may begin before all readings. */
const ANY_YEAR = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/i;

function anyYear(text: string): number {
  const day = text.slice(0, 10);
  const [ms, midnight] = [Date.parse(text), Date.parse(day)];
  if (!ANY_YEAR.test(text) || Number.isNaN(ms)) return Number.NaN;
  // Date.parse takes 30 February for 2 March
  return new Date(midnight).toISOString().startsWith(day) ? ms : Number.NaN;
}

/** 631152 * 10^12 up to 41024448 * 10^11, exclusive. */
const EPOCH_NS =
  "^(?:(?:631(?:15[2-9]|1[6-9][0-9]|[2-9][0-9]{2})|63[2-9][0-9]{3}|6[4-9][0-9]{4}|[7-9][0-9]{5})[0-9]{12}" +
  "|[1-3][0-9]{18}" +
  "|4(?:0[0-9]{6}|10[01][0-9]{4}|102[0-3][0-9]{3}|1024[0-3][0-9]{2}|10244[0-3][0-9]|102444[0-7])[0-9]{11})$";

const time = z
  .string()
  .transform((text, context) => {
    const format = detectTimestampFormat([text]);
    const written = format === null ? Number.NaN : parseTimestamp(text, format);
    const ms = Number.isNaN(written) ? anyYear(text) : written;
    if (Number.isFinite(ms)) return ms;
    const message = "must be a time such as 2026-03-01, 2026-03-01T09:30:00Z or 1772357400";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  })
  .meta({
    type: undefined,
    anyOf: [
      { type: "string", format: "date" },
      { type: "string", format: "date-time" },
      ...[1, 1e3, 1e6].map((unit) => ({
        // an epoch in seconds, ms or us, of the years 1990 to 2099
        type: "integer" as const,
        minimum: 631_152_000 * unit,
        exclusiveMaximum: 4_102_444_800 * unit,
      })),
      // in ns, of the same years: too large for limits of a number
      { type: "string", pattern: EPOCH_NS },
    ],
  });

/** Query of the rows of a buffer. */
export const rowsQuery = z.strictObject({
  limit: limit(MAX_ROWS)
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
