import { type Fault, IotmonError } from "../core/errors.ts";
import type { Locate } from "./document.ts";
import type { PipelineConfig } from "./schema/pipeline.ts";

/** A pipeline that fits the schema, and where each of its values is written. */
export interface LoadedPipeline {
  /** Name of the file or of another origin, for messages. */
  readonly label: string;
  /** Name of the pipeline. */
  readonly name: string;
  readonly config: PipelineConfig;
  readonly locate: Locate;
  /** As it is written: with variables, without defaults. */
  readonly document: unknown;
  /** The text that {@link document} was parsed from; undefined when there is none. */
  readonly text?: string | undefined;
}

/** The part of a faulty pipeline that can be checked further. */
export interface PartialPipeline {
  readonly pipeline: LoadedPipeline;
  /** Sections and entries that are known to be faulty, such as `detectors.0`. */
  readonly faulty: ReadonlySet<string>;
}

/** All faults of a pipeline, in the order in which they are written. */
export class PipelineError extends IotmonError {
  /** Null: the faults leave nothing to check. */
  readonly rest: PartialPipeline | null;

  constructor(label: string, faults: readonly Fault[], rest: PartialPipeline | null = null) {
    const sorted = [...faults].sort((a, b) => orderOf(a.at) - orderOf(b.at));
    const many = sorted.length === 1 ? "a fault" : `${sorted.length} faults`;
    super("ERR_CONFIG", `The pipeline ${label} has ${many}`, { faults: sorted });
    this.rest = rest;
  }
}

/** One error for all faults of a pipeline, in the order in which they are written. */
export function pipelineError(label: string, faults: readonly Fault[]): IotmonError {
  return new PipelineError(label, faults);
}

/** Sorts places such as `pipeline.yaml:12:7` of one document. */
function orderOf(at: string): number {
  const [, line, column] = /:(\d+):(\d+)$/.exec(at) ?? [];
  return Number(line ?? 0) * 1e6 + Number(column ?? 0);
}
