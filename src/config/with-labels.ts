import type { LoadedPipeline } from "./loaded-pipeline.ts";
import { pipelineSchema } from "./schema/pipeline.ts";

/** The pipeline with `column`, and no other, as the label column of its recordings. */
export function withLabels(pipeline: LoadedPipeline, column: string): LoadedPipeline {
  const { source } = pipeline.config;
  const labels = [column];
  const labelled =
    source === undefined
      ? pipelineSchema.parse({ version: 1, source: { type: "stdin", labels } }).source
      : Array.isArray(source)
        ? source.map((entry) => ({ ...entry, labels }))
        : { ...source, labels };
  return { ...pipeline, config: { ...pipeline.config, source: labelled } };
}
