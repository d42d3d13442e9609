import { checkDocument } from "./check/check-document.ts";
import { withFurtherFaults } from "./check/examine.ts";
import type { Variables } from "./check/variables.ts";
import { type Locate, parseYaml } from "./document.ts";
import { type LoadedPipeline, PipelineError, pipelineError } from "./loaded-pipeline.ts";
import { pipelineName } from "./pipeline-name.ts";

/**
 * Parses a pipeline file.
 *
 * @param text YAML 1.2 or JSON.
 * @param label Name of the file: for positions, and without folder and ending the default name.
 * @param variables What `${VAR}` is replaced from.
 * @throws {PipelineError} With all faults, each as `file:line:column`; also those of the columns that the file names.
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
  const { salvaged } = checked;
  const config = checked.config ?? salvaged?.config;
  if (config === undefined) throw pipelineError(label, all);
  const name = config.name ?? pipelineName(label);
  const pipeline = { label, name, config, locate, document: value, text };
  if (checked.config !== null && all.length === 0) return pipeline;
  const rest = salvaged === null ? null : { pipeline, faulty: salvaged.faulty };
  throw withFurtherFaults(new PipelineError(label, all, rest), null);
}

/** Where a document that is not a file comes from. */
export interface DocumentOrigin {
  /** For messages, and the default name. */
  readonly label: string;
  /** Undefined: the name in the document. */
  readonly name?: string | undefined;
  readonly variables: Variables;
  /** Default: paths such as `detectors.0.name`. */
  readonly locate?: Locate;
  /** See {@link checkDocument}. */
  readonly origin?: "file" | "http";
}

/**
 * The pipeline of a document: of a state directory, a recording, a request, or inferred.
 *
 * @throws {IotmonError} `ERR_CONFIG` with all faults.
 */
export function pipelineOf(
  document: unknown,
  { label, name, variables, locate = (path) => path.join("."), origin }: DocumentOrigin,
): LoadedPipeline {
  const { config, faults } = checkDocument(document, locate, variables, origin);
  if (config === null || faults.length > 0) throw pipelineError(label, faults);
  return { label, name: name ?? config.name ?? label, config, locate, document };
}
