import { z } from "zod";
import { featuresSchema } from "../../config/schema/features.ts";
import { featureValues, time, warning } from "./values.ts";

/** Body that defines features: added to those there are, replaced by name. */
export const featuresBody = z.strictObject({ features: featuresSchema }).meta({
  example: {
    features: [
      { name: "temp_mean_10", column: "temperature", function: "mean", window: 10 },
      { columns: ["temperature"], functions: ["mean", "std"], windows: [50, "5m"] },
    ],
  },
});

/** What became of a definition. */
export const featuresDefinedReply = z.object({
  name: z.string().describe("The buffer."),
  status: z.literal("defined"),
  features: z.array(z.string()).describe("All features of the buffer."),
  warnings: z.array(warning),
});

/** Query of the newest values. */
export const featuresQuery = z.strictObject({
  sensor_id: z.string().optional().describe("Whose values; by default the newest row's sensor."),
});

/** Newest values of a sensor. */
export const featuresReply = z.object({
  features: featureValues.describe("Exactly the features defined; null where there is no value."),
  sensor_id: z.string().nullable(),
  timestamp: time.nullable().describe("Time of the row they belong to."),
});
