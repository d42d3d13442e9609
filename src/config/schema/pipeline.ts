import { z } from "zod";
import { byteSize, duration, text } from "../../io/setting-values.ts";
import { sourceTypeOf } from "../../io/sources/registry.ts";
import { alertsSchema } from "./alerts.ts";
import { bufferSchema } from "./buffer.ts";
import { detectorsSchema } from "./detectors.ts";
import { featuresSchema } from "./features.ts";
import { heartbeatSchema } from "./heartbeat.ts";
import { sinksSchema } from "./sinks/sinks.ts";
import { type SourceConfig, sourcesSchema } from "./source.ts";
import { testsSchema } from "./tests/tests.ts";

/** User and password of an address. */
const USER = /\/\/[^/]*@/;

/** A whole pipeline file. Unknown keys are faults everywhere. */
export const pipelineSchema = z.strictObject({
  version: z.literal(1).describe("Version of this format."),
  name: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u, {
      error:
        "must begin with a letter or digit, and have at most 100 letters, digits, spaces, dots, dashes and underscores",
    })
    .optional()
    .describe("Part of every alert, and name of the state directory; by default the file's stem."),
  source: sourcesSchema.optional().describe("Where readings come from; one, or a list."),
  buffer: bufferSchema.prefault({}).describe("Columns of a reading, and the rows held."),
  features: featuresSchema.default([]).describe("Rolling features."),
  detectors: detectorsSchema
    .prefault([{ name: "anomaly", algorithm: "ecod" }])
    .describe("What decides that a reading is anomalous."),
  alerts: alertsSchema
    .default({})
    .describe("When an anomaly becomes a message, for all detectors."),
  sinks: sinksSchema.default([]).describe("Where messages go in live modes."),
  heartbeat: heartbeatSchema
    .optional()
    .describe("An address that live modes call while everything is well."),
  state: z
    .strictObject({
      dir: text.optional().describe("Folder; by default .iotmon/<name>."),
      max_recovery: duration
        .refine((ms) => ms > 0, { error: "must be above zero" })
        .optional()
        .describe("Processor time that a start may take to restore the state. Default 5s."),
      max_size: byteSize
        .optional()
        .describe("Size of journal and checkpoints above which old records go. Default 256MiB."),
    })
    .optional()
    .describe("Where live modes keep their state, and how."),
  tests: testsSchema.default([]).describe("Rows and expected results, for `iotmon test`."),
});

/** A pipeline as written: snake_case, durations as text, defaults left out. */
export type PipelineDocument = z.input<typeof pipelineSchema>;

/** A pipeline that fits the schema, defaults filled in. */
export type PipelineConfig = z.output<typeof pipelineSchema>;

/** What the state machine knows of a pipeline: all but where it sends something, and how it logs in at its sources. */
export function withoutReceivers({ heartbeat: _, ...config }: PipelineConfig): PipelineConfig {
  const { source } = config;
  if (source === undefined) return { ...config, sinks: [] };
  const bare = Array.isArray(source) ? source.map(withoutSecrets) : withoutSecrets(source);
  return { ...config, source: bare, sinks: [] };
}

/** A source without its secrets, and its address without user and password. */
function withoutSecrets(source: SourceConfig): SourceConfig {
  const { secrets } = sourceTypeOf(source.type);
  if (secrets === undefined) return source;
  const entries = Object.entries(source).flatMap(([name, value]) => {
    if (!secrets.includes(name)) return [[name, value]];
    return name === "url" ? [[name, String(value).replace(USER, "//")]] : [];
  });
  return Object.fromEntries(entries) as SourceConfig;
}
