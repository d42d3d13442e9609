import type { BufferDefinition, DetectorDefinition } from "./api.ts";
import type { Limits } from "./limits.ts";
import { notFound } from "./names.ts";
import type { LivePipeline } from "./pipeline/live-pipeline.ts";
import type { LiveDetector } from "./pipeline/shape.ts";
import type { RowReader } from "./rows/row-reader.ts";

/** A buffer with all that belongs to it: a pipeline of the same name. */
export interface HostedBuffer {
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
}

/** Everything that has a name. Maps, as `__proto__` is a name like others. */
export class Registry {
  readonly limits: Limits;
  readonly buffers = new Map<string, HostedBuffer>();
  readonly detectors = new Map<string, HostedDetector>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** @throws {Refusal} `not_found`. */
  buffer(name: string): HostedBuffer {
    const buffer = this.buffers.get(name);
    if (buffer === undefined) throw notFound("buffer", name, this.buffers.keys());
    return buffer;
  }

  /** @throws {Refusal} `not_found`. */
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
