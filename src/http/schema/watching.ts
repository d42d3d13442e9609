import { z } from "zod";
import { SEVERITIES } from "../../core/alerts/severity.ts";
import { SENSOR_STATES } from "../../service/queries/queries.ts";
import { contribution } from "./detectors.ts";
import { featureValues, limit, time } from "./values.ts";

/** A buffer or pipeline at a glance. */
export const watchedBuffer = z.object({
  name: z.string(),
  kind: z.enum(["buffer", "pipeline"]),
  rows_appended: z.int(),
  columns: z.array(z.string()).describe("Numeric columns."),
  detectors: z.array(z.string()),
  sensors: z.int(),
  states: z.record(z.enum(SENSOR_STATES), z.int()).describe("Sensors in each state."),
});

/** All of them. */
export const overviewReply = z.object({ version: z.string(), buffers: z.array(watchedBuffer) });

/** An alert that is going on. */
export const openAlert = z.object({
  episode: z.string(),
  detector: z.string(),
  severity: z.enum(SEVERITIES),
  started_at: time,
  anomaly_score: z.number().nullable(),
  summary: z.string(),
  contributions: z.array(contribution),
});

/** A sensor as it stands. */
export const watchedSensor = z.object({
  sensor_id: z.string(),
  state: z
    .enum(SENSOR_STATES)
    .describe(
      "The worst severity of its alerts that are going on; else `anomalous` when its newest row is; else " +
        "`warming` while a detector has not seen enough; else `ok`. `idle`: no detector observes it.",
    ),
  timestamp: time.nullable().describe("Of its newest row; null: none is held."),
  observations_seen: z.int().describe("By the detector that is furthest from warm."),
  observations_needed: z.int().describe("Observations that it still lacks."),
  values: featureValues.describe("Newest value of each numeric column."),
  alerts: z.array(openAlert).describe("Those that are going on."),
});

/** Query of the sensors of a buffer. */
export const sensorsQuery = z.strictObject({ limit: limit(1000).default(1000) });

/** Sensors of a buffer. */
export const sensorsReply = z.object({
  name: z.string(),
  sensor_count: z.int(),
  sensors: z.array(watchedSensor).describe("The worst first, then in order of appearance."),
});

/** Query of the last rows of a sensor. */
export const traceQuery = z.strictObject({
  sensor_id: z.string().describe("Whose rows."),
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
  values: series.describe("By numeric column, one value a row."),
  scores: series.describe("Anomaly score by detector, one a row; null: there was none."),
});
