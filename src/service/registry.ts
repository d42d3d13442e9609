import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type { BufferDefinition, DetectorDefinition, Warning } from "./api.ts";
import type { Limits } from "./checks/limits.ts";
import { notFound, variantNames } from "./checks/names.ts";
import { CommandError } from "./command-error.ts";
import type { LivePipeline } from "./live-pipeline/live-pipeline.ts";
import type { LiveDetector } from "./live-pipeline/shape.ts";
import type { RowObjectReader } from "./rows/row-object-reader.ts";

/** A buffer and its pipeline, which has the same name. */
export interface HostedBuffer {
  /** The pipeline document; null: it was created as a buffer. */
  readonly config: PipelineConfig | null;
  /** The document as its author wrote it; null: none. */
  readonly document: unknown;
  /** File of the document; undefined: it came over HTTP. */
  readonly file?: string | undefined;
  readonly definition: BufferDefinition;
  readonly pipeline: LivePipeline;
  readonly reader: RowObjectReader;
  /** Other definitions, which were refused, oldest first. */
  readonly variants: readonly BufferDefinition[];
  /** Features of columns that only a variant has: they are always null. */
  readonly nullFeatures: readonly string[];
}

/** A detector and the pipeline that runs it. */
export interface HostedDetector {
  readonly definition: DetectorDefinition;
  detector: LiveDetector;
  /** The pipeline of the observed buffer, else one of its own. */
  home: LivePipeline;
  /** Name of the observed buffer; null: none. */
  buffer: string | null;
  /** Result of the last search for a buffer that found none, and its revision. */
  lastSearch?: { readonly revision: number; readonly warnings: readonly Warning[] };
}

/** All buffers, detectors and pipelines by name. */
export class Registry {
  readonly limits: Limits;
  readonly buffers = new Map<string, HostedBuffer>();
  readonly detectors = new Map<string, HostedDetector>();

  /** Id of the next pipeline. */
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
   * Finds a buffer that no document defines.
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
   * Finds a pipeline that a document defines.
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

  /** Names of the pipelines that documents define. */
  pipelineNames(): readonly string[] {
    return this.documents().map(({ definition }) => definition.name);
  }

  /** @throws {CommandError} `not_found`. */
  detector(name: string): HostedDetector {
    const detector = this.detectors.get(name);
    if (detector === undefined) throw notFound("detector", name, this.detectors.keys());
    return detector;
  }

  /**
   * A detector, then its variants. O(1).
   *
   * @throws {CommandError} `not_found`.
   */
  definitions(name: string): readonly [HostedDetector, ...HostedDetector[]] {
    return [this.detector(name), ...this.variants(name)];
  }

  /** Variants of a detector. O(1). */
  variants(name: string): readonly HostedDetector[] {
    return variantNames(name).flatMap((variant) => this.detectors.get(variant) ?? []);
  }

  /** Detectors that observe a buffer. */
  observersOf(buffer: string): readonly HostedDetector[] {
    return [...this.detectors.values()].filter((detector) => detector.buffer === buffer);
  }
}
