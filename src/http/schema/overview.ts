import { z } from "zod";
import { SEVERITIES } from "../../core/alerts/severity.ts";
import { SENSOR_STATES } from "../../service/queries/queries.ts";
import { contribution } from "./detectors.ts";
import { featureValues, limit, time } from "./values.ts";

/** Overview of a buffer or pipeline. */
export const bufferOverview = z.object({
  name: z.string(),
  kind: z.enum(["buffer", "pipeline"]),
  rows_appended: z.int(),
  columns: z.array(z.string()).describe("Numeric columns."),
  detectors: z.array(z.string()),
  sensors: z.int(),
  states: z.record(z.enum(SENSOR_STATES), z.int()).describe("Number of sensors in each state."),
});

/** Overview of all buffers and pipelines. */
export const overviewReply = z.object({ version: z.string(), buffers: z.array(bufferOverview) });

/** An open alert. */
export const openAlert = z.object({
  episode: z.string(),
  detector: z.string(),
  severity: z.enum(SEVERITIES),
  started_at: time,
  anomaly_score: z.number().nullable(),
  summary: z.string(),
  contributions: z.array(contribution),
});

/** The current state of a sensor. */
export const sensorOverview = z.object({
  sensor_id: z.string(),
  state: z
    .enum(SENSOR_STATES)
    .describe(
      "The worst severity of the open alerts; otherwise `anomalous` if the newest row is; otherwise " +
        "`warming` during a warm-up; otherwise `ok`. `idle`: no detector observes the sensor.",
    ),
  timestamp: time.nullable().describe("Time of the newest row; null if the buffer holds none."),
  observations_seen: z
    .int()
    .describe("Observations of the detector with the longest remaining warm-up."),
  observations_needed: z.int().describe("Observations that this detector still needs."),
  values: featureValues.describe("Newest value of each numeric column."),
  alerts: z.array(openAlert).describe("Open alerts."),
});

/** Query of the sensors of a buffer. */
export const sensorsQuery = z.strictObject({ limit: limit(1000).default(1000) });

/** Sensors of a buffer. */
export const sensorsReply = z.object({
  name: z.string(),
  sensor_count: z.int(),
  sensors: z.array(sensorOverview).describe("The worst states first, then in order of appearance."),
});

/** Query of the last rows of a sensor. */
export const traceQuery = z.strictObject({
  sensor_id: z.string().describe("Sensor of the rows."),
  limit: limit(10_000).default(500),
});

const series = z
  .custom<Readonly<Record<string, readonly (number | null)[]>>>(() => true)
  .meta({
    type: "object",
    additionalProperties: { type: "array", items: { type: ["number", "null"] } },
  });

/** The last rows of a sensor. */
export const traceReply = z.object({
  name: z.string(),
  sensor_id: z.string(),
  timestamps: z.array(time).describe("Oldest row first."),
  values: series.describe("By numeric column, one value per row."),
  scores: series.describe("By detector, one anomaly score per row; null for an unscored row."),
});
