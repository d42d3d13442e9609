import { checkDocument } from "./check-document.ts";
import { parseYaml } from "./document.ts";
import { type LoadedPipeline, pipelineError } from "./loaded-pipeline.ts";
import { pipelineName } from "./pipeline-name.ts";
import type { Variables } from "./variables.ts";

/**
 * Parses a pipeline file.
 *
 * @param text YAML 1.2 or JSON.
 * @param label Name of the file: for positions, and without folder and ending the default name.
 * @param variables What `${VAR}` is replaced from.
 * @throws {IotmonError} `ERR_CONFIG` with all faults, each as `file:line:column`.
 */
export function parsePipeline(text: string, label: string, variables: Variables): LoadedPipeline {
  const { value, locate, faults, usable } = parseYaml(text, label);
  if (!usable) throw pipelineError(label, faults);
  if (value === null) {
    throw pipelineError(label, [
      { at: locate([]), message: "the file is empty", hint: "Begin with `version: 1`" },
    ]);
  }
  const checked = checkDocument(value, locate, variables);
  const all = [...faults, ...checked.faults];
  if (checked.config === null || all.length > 0) throw pipelineError(label, all);
  const { config } = checked;
  return { label, name: config.name ?? pipelineName(label), config, locate, document: value, text };
}
