import type { z } from "zod";
import { type PipelineConfig, pipelineSchema } from "../../src/config/schema/pipeline.ts";
import type { StateMachine } from "../../src/service/state-machine.ts";
import { Random } from "./random.ts";

const START = Date.UTC(2026, 0, 1);

/** A pipeline of the columns `temperature` and `humidity`, for a test to change. */
export function roomDocument(
  changes: Partial<z.input<typeof pipelineSchema>> = {},
): z.input<typeof pipelineSchema> {
  return {
    version: 1,
    buffer: {
      schema: { timestamp: "datetime", sensor_id: "str", temperature: "float", humidity: "float" },
      max_rows: 1000,
    },
    features: [{ name: "temp_mean_5", column: "temperature", function: "mean", window: 5 }],
    detectors: [
      {
        name: "odd",
        algorithm: "ecod",
        features: ["temp_mean_5", "temperature"],
        warmup_period: 60,
        contamination: 0.01,
      },
      { name: "hot", algorithm: "threshold", when: "temperature > 40", severity: "critical" },
      { name: "quiet", algorithm: "silent", after: "90s" },
    ],
    alerts: { resolve_after: 3 },
    ...changes,
  };
}

/** The pipeline as `serve` passes it to the state machine. */
export function putRoom(machine: StateMachine, document = roomDocument(), name = "room") {
  const config: PipelineConfig = { ...pipelineSchema.parse(document), sinks: [] };
  return machine.execute({ kind: "put_pipeline", name, config, document }).answer;
}

/** Rows, one per second. */
export function roomRows(count: number, from = 0, temperature?: number): Record<string, unknown>[] {
  const random = new Random(11 + from);
  return Array.from({ length: count }, (_, i) => ({
    timestamp: new Date(START + (from + i) * 1000).toISOString(),
    sensor_id: "s1",
    temperature: temperature ?? 22 + random.normal() / 2,
    humidity: 45 + random.normal(),
  }));
}
