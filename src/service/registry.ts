import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type { BufferDefinition, DetectorDefinition, Warning } from "./api.ts";
import type { Limits } from "./checks/limits.ts";
import { notFound } from "./checks/names.ts";
import { CommandError } from "./command-error.ts";
import type { LivePipeline } from "./live-pipeline/live-pipeline.ts";
import type { LiveDetector } from "./live-pipeline/shape.ts";
import type { RowReader } from "./rows/row-reader.ts";

/** A buffer with all that belongs to it: a pipeline of the same name. */
export interface HostedBuffer {
  /** The document that defines all of it; null: it was created as a buffer. */
  readonly config: PipelineConfig | null;
  /** That document as it was written; null: there is none. */
  readonly document: unknown;
  /** File that it came from last; undefined: none. */
  readonly file?: string | undefined;
  readonly definition: BufferDefinition;
  readonly pipeline: LivePipeline;
  readonly reader: RowReader;
}

/** A detector by its name, and where it is at work now. */
export interface HostedDetector {
  readonly definition: DetectorDefinition;
  detector: LiveDetector;
  /** Of the buffer that it observes, else its own. */
  home: LivePipeline;
  /** Name of the buffer that it observes; null: none. */
  buffer: string | null;
  /** What was found when a buffer was looked for in vain, and at which revision. */
  lastSearch?: { readonly revision: number; readonly warnings: readonly Warning[] };
}

/** Everything that has a name. Maps, as `__proto__` is a name like others. */
export class Registry {
  readonly limits: Limits;
  readonly buffers = new Map<string, HostedBuffer>();
  readonly detectors = new Map<string, HostedDetector>();

  /** Number for the next pipeline. */
  nextId = 0;
  /** Grows with every definition and every link. */
  revision = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  newId(): number {
    this.nextId += 1;
    return this.nextId - 1;
  }

  /** @throws {CommandError} `not_found`. */
  buffer(name: string): HostedBuffer {
    const buffer = this.buffers.get(name);
    if (buffer === undefined) throw notFound("buffer", name, this.buffers.keys());
    return buffer;
  }

  /**
   * One that was created as a buffer.
   *
   * @throws {CommandError} `not_found`; `conflict` when a document defines it.
   */
  ownBuffer(name: string): HostedBuffer {
    const buffer = this.buffer(name);
    if (buffer.config === null) return buffer;
    throw new CommandError("conflict", `"${name}" belongs to a pipeline`, {
      hint: "Change or delete that pipeline",
    });
  }

  /**
   * One that a document defines.
   *
   * @throws {CommandError} `not_found`.
   */
  pipeline(name: string): HostedBuffer & { readonly config: PipelineConfig } {
    const found = this.buffers.get(name);
    if (found?.config) return { ...found, config: found.config };
    throw notFound("pipeline", name, this.pipelineNames());
  }

  /** Pipelines that documents define. */
  documents(): readonly HostedBuffer[] {
    return [...this.buffers.values()].filter(({ config }) => config !== null);
  }

  /** Their names. */
  pipelineNames(): readonly string[] {
    return this.documents().map(({ definition }) => definition.name);
  }

  /** @throws {CommandError} `not_found`. */
  detector(name: string): HostedDetector {
    const detector = this.detectors.get(name);
    if (detector === undefined) throw notFound("detector", name, this.detectors.keys());
    return detector;
  }

  /** Detectors that observe a buffer. */
  observersOf(buffer: string): readonly HostedDetector[] {
    return [...this.detectors.values()].filter((detector) => detector.buffer === buffer);
  }
}
