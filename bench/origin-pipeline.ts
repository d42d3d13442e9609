import type { PipelineDocument } from "../src/config/schema/pipeline.ts";

const rolling = [
  ...[10, 50, 200].flatMap((window) => [
    { name: `temp_mean_${window}`, column: "temperature", function: "mean", window } as const,
    { name: `temp_std_${window}`, column: "temperature", function: "std", window } as const,
  ]),
  { name: "humidity_mean_50", column: "humidity", function: "mean", window: 50 } as const,
  { name: "pressure_mean_50", column: "pressure", function: "mean", window: 50 } as const,
];

/** The pipeline of the benchmark: eight rolling features, one detector. */
export const originPipeline = {
  version: 1,
  name: "bench",
  buffer: {
    schema: {
      timestamp: "datetime",
      sensor_id: "str",
      temperature: "float",
      humidity: "float",
      pressure: "float",
    },
    key: "sensor_id",
  },
  features: rolling,
  detectors: [
    {
      name: "sensor_anomaly",
      algorithm: "ecod",
      features: rolling.map(({ name }) => name),
      contamination: 0.05,
      warmup_period: 200,
      window: 5000,
    },
  ],
} as const satisfies PipelineDocument;
