import { z } from "zod";
import { featuresSchema } from "../../config/schema/features.ts";
import { featureValues, time, warning } from "./values.ts";

/** Body that defines features: adds them, or replaces those of the same name. */
export const featuresBody = z.strictObject({ features: featuresSchema }).meta({
  example: {
    features: [
      { name: "temp_mean_10", column: "temperature", function: "mean", window: 10 },
      { columns: ["temperature"], functions: ["mean", "std"], windows: [50, "5m"] },
    ],
  },
});

/** Reply to a definition. */
export const featuresDefinedReply = z.object({
  name: z.string().describe("Name of the buffer."),
  status: z.literal("defined"),
  features: z.array(z.string()).describe("All features of the buffer."),
  warnings: z.array(warning),
});

/** Query of the newest values. */
export const featuresQuery = z.strictObject({
  sensor_id: z
    .string()
    .optional()
    .describe("Sensor of the values; default: the newest row's sensor."),
});

/** Newest values of a sensor. */
export const featuresReply = z.object({
  features: featureValues.describe("All defined features; null for a missing value."),
  sensor_id: z.string().nullable(),
  timestamp: time.nullable().describe("Time of their row."),
});
