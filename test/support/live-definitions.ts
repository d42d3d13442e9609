import type { z } from "zod";
import { ecodSchema } from "../../src/config/detectors/ecod/schema.ts";
import { featuresSchema } from "../../src/config/schema/features.ts";
import type { BufferDefinition, DetectorDefinition } from "../../src/service/api.ts";

type DetectorInput = Omit<z.input<typeof ecodSchema>, "algorithm"> & { buffer?: string };

/** A detector as the API passes it. */
export function detectorOf({ buffer, ...entry }: DetectorInput): DetectorDefinition {
  const { alerts: _, ...checked } = ecodSchema.parse({ algorithm: "ecod", ...entry });
  return { ...checked, buffer };
}

/** Features as the API passes them. */
export function featuresOf(features: z.input<typeof featuresSchema>) {
  return featuresSchema.parse(features);
}

/** The buffer of the example document (`test/services/python-client`). */
export const SENSOR_BUFFER: BufferDefinition = {
  name: "sensor_metrics",
  schema: {
    timestamp: "datetime",
    sensor_id: "str",
    temperature: "float",
    humidity: "float",
    pressure: "float",
  },
  maxRows: 10_000,
};

/** Its features. */
export const SENSOR_FEATURES = featuresOf([
  { name: "temp_mean_10", column: "temperature", function: "mean", window: 10 },
  { name: "temp_std_10", column: "temperature", function: "std", window: 10 },
  { name: "temp_mean_50", column: "temperature", function: "mean", window: 50 },
  { name: "temp_std_50", column: "temperature", function: "std", window: 50 },
  { name: "temp_mean_200", column: "temperature", function: "mean", window: 200 },
  { name: "temp_std_200", column: "temperature", function: "std", window: 200 },
  { name: "humidity_mean_50", column: "humidity", function: "mean", window: 50 },
  { name: "pressure_mean_50", column: "pressure", function: "mean", window: 50 },
]);

/** Its detector. */
export const SENSOR_ANOMALY = detectorOf({
  name: "sensor_anomaly",
  features: [
    "temp_mean_10",
    "temp_std_10",
    "temp_mean_50",
    "temp_std_50",
    "temp_mean_200",
    "temp_std_200",
    "humidity_mean_50",
    "pressure_mean_50",
  ],
  contamination: 0.05,
  warmup_period: 200,
});
