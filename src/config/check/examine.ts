import type { Fault } from "../../core/errors.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import { type LoadedPipeline, PipelineError } from "../loaded-pipeline.ts";
import { type ResolvedPipeline, resolvePipeline } from "../resolve.ts";
import { declaredProfile } from "./declared-profile.ts";

/** A sampled input. */
export interface SeenInput {
  /** Name of the input in the pipeline. */
  readonly label: string;
  readonly stem: string;
  readonly profile: InputProfile;
}

/** Result of checking a pipeline without running it. */
export interface Examination {
  /** Null when the columns are not known. */
  readonly resolved: ResolvedPipeline | null;
  /** Source of the columns: the sampled input, `buffer.schema`, or the names that other sections use. */
  readonly columnsFrom: "input" | "schema" | "names" | "nowhere";
  readonly warnings: readonly Fault[];
}

/**
 * Checks a pipeline against its input, or without one against the columns that it names itself.
 *
 * @param input Null when no input was sampled.
 * @param skipped Sections and entries whose faults are left out.
 * @throws {IotmonError} `ERR_CONFIG` with all faults.
 */
export function examinePipeline(
  pipeline: LoadedPipeline,
  input: SeenInput | null,
  skipped?: ReadonlySet<string>,
): Examination {
  const declared = input === null ? declaredProfile(pipeline.config) : null;
  const profile = input?.profile ?? declared;
  if (profile === null) return { resolved: null, columnsFrom: "nowhere", warnings: [] };
  const resolved = resolvePipeline(pipeline, profile, input?.stem ?? pipeline.name, skipped);
  const own = declared?.complete === true ? "schema" : "names";
  return {
    resolved,
    columnsFrom: input === null ? own : "input",
    warnings: resolved.warnings,
  };
}

/**
 * Adds to the schema faults of a pipeline file the faults of the parts that fit the schema.
 *
 * @param error The schema faults.
 * @param input Null when no input was sampled.
 */
export function withFurtherFaults(error: PipelineError, input: SeenInput | null): PipelineError {
  const { rest } = error;
  if (rest === null) return error;
  try {
    examinePipeline(rest.pipeline, input, rest.faulty);
    return error;
  } catch (further) {
    if (!(further instanceof PipelineError)) throw further;
    const isKnown = (fault: Fault): boolean =>
      error.faults.some(({ at, message }) => at === fault.at && message === fault.message);
    const added = further.faults.filter((fault) => !isKnown(fault));
    return new PipelineError(rest.pipeline.label, [...error.faults, ...added], rest);
  }
}
