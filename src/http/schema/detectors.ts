import { z } from "zod";
import { ecodSchema } from "../../config/detectors/ecod/schema.ts";
import { givenFeatures, name, severity, warning } from "./values.ts";

/** Maximum number of observations in a call. */
const MAX_SCORED = 10_000;

/** Body that creates a detector: the fields of a pipeline file and the buffer to observe. */
export const detectorBody = ecodSchema
  .omit({ alerts: true })
  .extend({
    name,
    buffer: name
      .optional()
      .describe("Buffer to observe; default: the one with all features of the detector."),
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
  observations_needed: z.int().describe("Observations still needed for the warm-up."),
  scored: z.int().describe("Scored readings."),
  anomalies: z.int().describe("Scored readings that were anomalous."),
};

const detectorFields = {
  name: z.string(),
  algorithm: z.string(),
  warmup_period: z.int(),
  ...progress,
  alarm_rate: z
    .number()
    .nullable()
    .describe("Share of scored readings that were anomalous; null before the first."),
  features: z.array(z.string()),
  contamination: z.number().nullable(),
  buffer: z.string().nullable().describe("Observed buffer; null if there is none."),
  observations_total: z.int().describe("Observations of all sensors."),
};

const detectorVariants = {
  variants: z
    .array(z.object(detectorFields))
    .describe("Other definitions that were refused with 409; a score call may use them."),
};

/** A detector in a list. */
const detectorSummary = z.object({ ...detectorFields, ...detectorVariants });

/** A detector with the progress for the newest row's sensor. */
export const detectorReply = z.object({
  ...detectorFields,
  ...detectorVariants,
  sensors: z
    .custom<Readonly<Record<string, z.output<typeof sensorProgress>>>>(() => true)
    .meta({
      type: "object",
      additionalProperties: { type: "object" },
      description: "Progress by sensor, with the fields `is_warm` to `anomalies`.",
    }),
});

/** Progress for one sensor. */
export const sensorProgress = z.object(progress);

/** A created, existing or replaced detector. */
export const detectorCreatedReply = z.object({
  ...detectorFields,
  ...detectorVariants,
  status: z.enum(["created", "exists", "replaced"]),
  warnings: z.array(warning),
});

/** All detectors. */
export const detectorListReply = z.object({ detectors: z.array(detectorSummary) });

const observation = {
  features: givenFeatures.describe("Values by feature; null or missing values do not vote."),
  sensor_id: z
    .string()
    .optional()
    .describe("Sensor whose model scores; default: the newest row's sensor."),
};

/** Body of a score call. */
export const scoreBody = z
  .strictObject({
    features: observation.features.optional(),
    rows: z
      .array(z.strictObject(observation))
      .min(1)
      .max(MAX_SCORED, { error: `must be at most ${MAX_SCORED} observations` })
      .optional()
      .describe("Several observations, instead of `features`."),
    sensor_id: observation.sensor_id,
    learn: z.boolean().default(true).describe("False: score without learning."),
  })
  .refine(({ features, rows }) => (features === undefined) !== (rows === undefined), {
    error: "must have either `features` or `rows`",
  })
  .meta({
    oneOf: [{ required: ["features"] }, { required: ["rows"] }],
    example: { features: { temp_mean_10: 21.4, temperature_std_50: 0.3 } },
  });

/** Contribution of a feature to a score. */
export const contribution = z.object({
  feature: z.string(),
  value: z.number().nullable(),
  typical: z.number().nullable(),
  usual_range: z.array(z.number().nullable()).describe("Limits of the middle 90 % of the values."),
  direction: z.enum(["low", "high"]),
  share: z.number().nullable().describe("Share of the score."),
});

/** One score. */
export const scoreResult = z.object({
  variant: z
    .string()
    .describe("Definition that answers: name of the detector, or of a variant such as `name~1`."),
  is_anomaly: z.boolean(),
  anomaly_score: z.number().describe("0 to 1; 0.5 is the alarm boundary; 0 during the warm-up."),
  raw_score: z.number().nullable(),
  p: z
    .number()
    .nullable()
    .describe("Probability of a score at least this large in normal operation."),
  severity,
  contributions: z.array(contribution),
  sensor_id: z.string(),
  is_buffer_row: z.boolean().describe("Whether the observation is a row of the buffer."),
  learned: z.boolean().describe("Whether the model learned from this call."),
  is_warm: z.boolean(),
  observations_seen: z.int(),
  observations_needed: z.int(),
  ignored_features: z.array(z.string()),
  warnings: z.array(warning),
});

/** Reply to a score call: one result for `features`, a list for `rows`. */
export const scoreReply = z.union([scoreResult, z.object({ results: z.array(scoreResult) })]);
