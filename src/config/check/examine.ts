import type { Fault } from "../../core/errors.ts";
import type { InputProfile } from "../../io/decoders/decoder.ts";
import { type LoadedPipeline, PipelineError } from "../loaded-pipeline.ts";
import { type ResolvedPipeline, resolvePipeline } from "../resolve.ts";
import { declaredProfile } from "./declared-profile.ts";

/** An input that was looked at. */
export interface SeenInput {
  /** As the pipeline names it. */
  readonly label: string;
  readonly stem: string;
  readonly profile: InputProfile;
}

/** What can be said about a pipeline without running it. */
export interface Examination {
  /** Null when the columns are not known. */
  readonly resolved: ResolvedPipeline | null;
  /** Where the columns come from: the input looked at, the schema, or what other sections name. */
  readonly columnsFrom: "input" | "schema" | "names" | "nowhere";
  readonly warnings: readonly Fault[];
}

/**
 * Checks a pipeline against its input, or else against its own words.
 *
 * @param input Null when there is none to look at.
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
 * The faults of a pipeline file, with those of the parts that fit the schema.
 *
 * @param error The faults that are known.
 * @param input Null when there is none to look at.
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
