import { z } from "zod";
import { SEVERITIES } from "../../core/alerts/severity.ts";
import { flag, limit, severity, time, warning } from "./values.ts";

/** A pipeline document. The checks of pipeline files apply to it, not this schema. */
export const pipelineBody = z
  .custom<unknown>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
  .meta({
    type: "object",
    additionalProperties: true,
    description: "The same document as a pipeline file, as JSON or YAML.",
    example: {
      version: 1,
      buffer: { schema: { timestamp: "datetime", sensor_id: "str", temperature: "float" } },
      features: [{ name: "temp_mean_10", column: "temperature", function: "mean", window: 10 }],
      detectors: [
        { name: "sensor_anomaly", algorithm: "ecod", features: ["temp_mean_10", "temperature"] },
        { name: "silent", algorithm: "silent", after: "90s" },
      ],
    },
  });

/** Reply to a put. */
export const pipelinePutReply = z.object({
  name: z.string(),
  status: z.enum(["created", "exists", "replaced"]),
  kept: z.array(z.string()).describe("Parts that keep their state, e.g. `detectors.stuck`."),
  reset: z.array(z.string()).describe("Parts that were reset or removed."),
  warnings: z.array(warning),
  opening: z
    .array(z.string())
    .describe(
      "How the pipeline reads rows: time, sensors, watched columns, columns not watched and why.",
    ),
});

const summary = {
  name: z.string(),
  origin: z
    .enum(["http", "file"])
    .describe("Who may change the pipeline: clients, or the server's file."),
  current_rows: z.int(),
  rows_appended: z.int(),
  sensors: z.int(),
  open_episodes: z.int(),
  features: z.array(z.string()),
  detectors: z.array(z.string()),
};

/** All pipelines. */
export const pipelineListReply = z.object({ pipelines: z.array(z.object(summary)) });

/** An object with any keys, sent unchanged. */
const byName = z
  .custom<Readonly<Record<string, unknown>>>((value) => typeof value === "object")
  .meta({ type: "object", additionalProperties: true });

/** Query of a pipeline. */
export const pipelineQuery = z.strictObject({
  limit: limit(1000).default(1000),
  after: z
    .string()
    .optional()
    .describe("Only sensors that appeared after this one: `next_after` of the page before."),
});

/** A pipeline. */
export const pipelineReply = z.object({
  ...summary,
  document: byName.nullable().describe("The document as written, with masked secrets."),
  sensor_states: byName.describe(
    "By sensor: timestamp and features of the newest row, and by detector its state and open episode. " +
      "A page of the sensors, in order of appearance.",
  ),
  next_after: z
    .string()
    .nullable()
    .describe("For the query of the next page; null: there is none."),
});

/** Query of readings. */
export const readingsQuery = z.strictObject({
  results: z
    .enum(["all", "anomalies", "none"])
    .default("all")
    .describe("Rows with results in the reply; `anomalies`: anomalous rows and rows with alerts."),
  strict: flag.describe("Reject the whole call if a cell is unusable. Not for a stream."),
});

/** Readings: a list of rows, an object with such a list, or one row. */
export const readingsBody = z
  .custom<object>((value) => typeof value === "object" && value !== null, {
    error: 'must be rows: {"rows": [{...}]}, [{...}], or one row {...}',
  })
  .meta({
    type: ["object", "array"],
    items: {}, // a row of another type is an error in the reply, not of the call
    additionalProperties: true,
    description: "`{rows: [...]}`, a list of rows, or one row. Or NDJSON, one row per line.",
    example: {
      rows: [{ timestamp: "2026-03-01T09:30:00", sensor_id: "sensor-01", temperature: 21.5 }],
    },
  });

const rowResult = z.object({
  row: z.int().describe("1-based number within the call."),
  sensor_id: z.string().optional(),
  timestamp: time.optional(),
  scores: z
    .array(
      z.object({
        detector: z.string(),
        is_anomaly: z.boolean(),
        anomaly_score: z.number(),
        raw_score: z.number().nullable(),
        p: z.number().nullable(),
        severity,
      }),
    )
    .optional(),
  alerts: z
    .array(
      z.object({
        id: z.string(),
        episode: z.string(),
        detector: z.string(),
        status: z.enum(["firing", "escalated", "repeated", "resolved"]),
        severity: z.enum(SEVERITIES),
      }),
    )
    .optional()
    .describe("Messages that the row caused."),
  warnings: z.array(warning).optional(),
  error: z
    .string()
    .optional()
    .describe("Why the row is not used, or waits for the next one of its sensor."),
});

/** Reply to readings. */
export const readingsReply = z.object({
  rows_appended: z.int(),
  rows_rejected: z.int(),
  current_rows: z.int(),
  ignored_columns: z.array(z.string()),
  warning_count: z.int(),
  alerts: z.int().describe("Messages that the call caused."),
  results: z.array(rowResult),
});

/** Query of events. */
export const eventsQuery = z.strictObject({
  types: z
    .string()
    .regex(/^(score|alert)(,(score|alert))*$/, { error: "must be score, alert, or score,alert" })
    .default("alert")
    .describe("Events to send: `alert`, `score`, or both with a comma."),
});
