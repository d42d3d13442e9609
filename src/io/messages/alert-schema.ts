/**
 * What an alert message looks like: the type of its body and the JSON Schema for receivers come from
 * this one description.
 *
 * @module
 */
import { z } from "zod";
import { SEVERITIES } from "../../core/alerts/severity.ts";

const number = z.number().nullable();
const time = z.iso.datetime();
const values = z.record(z.string(), number);
const severity = z.enum(SEVERITIES);

const contribution = z.object({
  feature: z.string(),
  unit: z
    .string()
    .optional()
    .describe(
      "Of its value, typical and usual_range; left out: none is configured, or it has none.",
    ),
  value: number.describe("Its value in the worst reading."),
  typical: number.describe("Median of the earlier readings that the detector compares with."),
  usual_range: z
    .tuple([number, number])
    .describe("5 % and 95 % quantile of those readings: the middle 90 %."),
  direction: z
    .enum(["low", "high"])
    .nullable()
    .describe("On which side of them it lies; null: the detector tells no sides."),
  share: number.describe("Part of the score, 0 to 1, novelty included; null: there is no score."),
});

const explanation = z.object({
  summary: z.string().describe("All of it in one sentence."),
  contributions: z
    .array(contribution)
    .max(5)
    .describe("Features that contributed most, largest share first."),
  novel: z.array(z.string()).describe("Features that entered a region never visited before."),
  rule: z
    .string()
    .nullable()
    .describe("What a rule found, e.g. temperature > 40; null for detectors that score."),
});

const alertSchema = z.object({
  source: z.literal("iotmon"),
  sensor_id: z.string(),
  anomaly_score: number.describe("0 to 1, 0.5 at the alarm boundary."),
  features: values.describe("What the detector looked at."),
  timestamp: time.describe("When the message is due, in event time."),
  id: z.string().describe("Of this message, the same in every run and every attempt."),
  episode: z.string().describe("Of the stretch of anomalous readings that it is about."),
  status: z.enum(["firing", "escalated", "repeated", "resolved"]),
  severity: severity.describe("Highest of the episode so far."),
  previous_severity: severity.nullable().describe("In the episode's message before; null: none."),
  pipeline: z.string(),
  detector: z.string(),
  raw_score: number.describe("In the detector's own unit; null: it has none."),
  threshold: number.describe("Raw score at the alarm boundary then; null: there is none."),
  p: number.describe("Probability of a score at least this large in normal operation."),
  rarity: z.string().nullable().describe("p in words: 1 in 4300."),
  explanation,
  reading: values.describe("Numeric columns of the worst reading."),
  peak_at: time.describe("When the worst reading was taken."),
  started_at: time.describe("First anomalous reading of the episode."),
  resolved_at: time.nullable().describe("When the episode ended; null while it lasts."),
  suppressed: z
    .int()
    .min(0)
    .describe("Episodes withheld by the cooldown since the message before."),
  labels: z.record(z.string(), z.string()).describe("alerts.labels of the pipeline."),
  truncated: z.array(z.string()).describe("Fields that were cut to keep the message below 20 kB."),
});

/**
 * One alert message as it goes out: plain JSON, times in ISO 8601 UTC, a missing number is null.
 * Scores, features, reading and explanation are those of the episode's worst reading so far.
 */
export type AlertBody = z.output<typeof alertSchema>;

/** The JSON Schema (draft 2020-12) of alert messages. Later versions may add fields. */
export function alertJsonSchema(): object {
  return { title: "iotmon alert message", ...z.toJSONSchema(alertSchema, { io: "input" }) };
}

/**
 * The body that a text holds.
 *
 * @throws {z.ZodError} If the text is JSON of something else; a `SyntaxError` if it is no JSON.
 * @internal
 */
export function parseAlertBody(text: string): AlertBody {
  return alertSchema.parse(JSON.parse(text));
}
