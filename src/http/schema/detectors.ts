import { z } from "zod";
import { ecodSchema } from "../../config/schema/detectors.ts";
import { givenFeatures, name, severity, warning } from "./values.ts";

/** Most observations in one call. */
const MOST_SCORED = 10_000;

/** Body that creates a detector: as in a pipeline file, and which buffer it observes. */
export const detectorBody = ecodSchema
  .omit({ alerts: true })
  .extend({
    name,
    buffer: name
      .optional()
      .describe("Buffer to observe; by default the one that has all its features."),
  })
  .meta({
    example: {
      name: "sensor_anomaly",
      algorithm: "ecod",
      features: ["temp_mean_10", "temperature_std_50"],
      contamination: 0.05,
      warmup_period: 200,
    },
  });

const progress = {
  is_warm: z.boolean(),
  observations_seen: z.int(),
  observations_needed: z.int().describe("Observations still missing until it is warm."),
  scored: z.int().describe("Readings scored."),
  anomalies: z.int().describe("Those of them that were anomalous."),
};

const detectorFields = {
  name: z.string(),
  algorithm: z.string(),
  warmup_period: z.int(),
  ...progress,
  alarm_rate: z.number().nullable().describe("Anomalies over readings scored; null: none yet."),
  features: z.array(z.string()),
  contamination: z.number().nullable(),
  buffer: z.string().nullable().describe("Buffer it observes; null: none."),
  observations_total: z.int().describe("Of all sensors."),
};

/** A detector in a list. */
const detectorSummary = z.object(detectorFields);

/** A detector; progress is that of the newest row's sensor. */
export const detectorReply = z.object({
  ...detectorFields,
  sensors: z
    .custom<Readonly<Record<string, z.output<typeof sensorProgress>>>>(() => true)
    .meta({
      type: "object",
      additionalProperties: { type: "object" },
      description: "Progress by sensor: the first five fields of it.",
    }),
});

/** How far it is with one sensor. */
export const sensorProgress = z.object(progress);

/** A detector that was created, or was there. */
export const detectorCreatedReply = z.object({
  ...detectorFields,
  status: z.enum(["created", "exists", "replaced"]),
  warnings: z.array(warning),
});

/** All detectors. */
export const detectorListReply = z.object({ detectors: z.array(detectorSummary) });

const observation = {
  features: givenFeatures.describe("Values by feature; null or missing ones do not vote."),
  sensor_id: z.string().optional().describe("Whose model; by default the newest row's sensor."),
};

/** Body of a score call. */
export const scoreBody = z
  .strictObject({
    features: observation.features.optional(),
    rows: z
      .array(z.strictObject(observation))
      .min(1)
      .max(MOST_SCORED, { error: `must be at most ${MOST_SCORED} observations` })
      .optional()
      .describe("Several observations, instead of `features`."),
    sensor_id: observation.sensor_id,
    learn: z.boolean().default(true).describe("False: only look, the model stays as it is."),
  })
  .refine(({ features, rows }) => (features === undefined) !== (rows === undefined), {
    error: "must have either `features` or `rows`",
  })
  .meta({ example: { features: { temp_mean_10: 21.4, temperature_std_50: 0.3 } } });

/** One feature's part in a score. */
export const contribution = z.object({
  feature: z.string(),
  value: z.number().nullable(),
  typical: z.number().nullable(),
  usual_range: z.array(z.number().nullable()).describe("Where nine of ten values are: from, to."),
  direction: z.enum(["low", "high"]),
  share: z.number().nullable().describe("Its part of the score."),
});

/** One score. */
export const scoreResult = z.object({
  is_anomaly: z.boolean(),
  anomaly_score: z.number().describe("0 to 1; 0.5 is the alarm boundary; 0 while not warm."),
  raw_score: z.number().nullable(),
  p: z.number().nullable().describe("How rare: share of normal readings at least as unusual."),
  severity,
  contributions: z.array(contribution),
  sensor_id: z.string(),
  is_buffer_row: z.boolean().describe("It is the observation of a row of the buffer."),
  learned: z.boolean().describe("The model learned from this very call."),
  is_warm: z.boolean(),
  observations_seen: z.int(),
  observations_needed: z.int(),
  ignored_features: z.array(z.string()),
  warnings: z.array(warning),
});

/** The answer to a score call: of `features` one result, of `rows` a list of them. */
export const scoreReply = z.union([scoreResult, z.object({ results: z.array(scoreResult) })]);
