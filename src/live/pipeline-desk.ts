import { isDeepStrictEqual } from "node:util";
import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type { PipelineCreated, Warning } from "./api.ts";
import { definePipeline, reuse } from "./define-pipeline.ts";
import { asWarning } from "./findings.ts";
import { checkCount, checkName } from "./names.ts";
import { LivePipeline, type PipelineFrame } from "./pipeline/live-pipeline.ts";
import type { Shape } from "./pipeline/shape.ts";
import { Refusal } from "./refusal.ts";
import type { HostedBuffer, Registry } from "./registry.ts";
import { RowReader } from "./rows/row-reader.ts";

/** Pipelines that documents define: put, changed, deleted. */
export class PipelineDesk {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * Creates a pipeline, or makes it what the document says. What is not another thing goes on.
   *
   * @throws {Refusal} `invalid`, `conflict` when it is the name of a buffer, `limit`.
   */
  put(name: string, config: PipelineConfig): PipelineCreated {
    const { buffers, limits } = this.#registry;
    checkName(name);
    const present = buffers.get(name);
    if (present?.config === null) {
      throw new Refusal("conflict", `"${name}" is the name of a buffer`, { field: "name" });
    }
    if (present === undefined) {
      checkCount("pipelines", this.#registry.pipelineNames().length + 1, limits.pipelines);
    }
    const { resolved, frame, shape } = definePipeline(name, config, limits);
    const warnings: Warning[] = resolved.warnings.map((fault) => asWarning(fault));
    if (present !== undefined && isDeepStrictEqual(present.config, config)) {
      return { creation: "exists", warnings };
    }
    if (present !== undefined && sameFrame(present.pipeline.frame, frame)) {
      warnings.push(...reshape(present, shape));
      buffers.set(name, { ...present, config });
      return { creation: "replaced", warnings };
    }
    const pipeline = new LivePipeline({ id: this.#registry.newId(), ...frame }, shape);
    const schema = config.buffer.schema ?? {};
    buffers.set(name, {
      config,
      definition: { name, schema, maxRows: frame.maxRows, key: frame.layout.key },
      pipeline,
      reader: new RowReader(frame.layout, schema, pipeline.keys),
    });
    if (present === undefined) return { creation: "created", warnings };
    const message = "columns, key or size have changed: rows, windows and models begin anew";
    return { creation: "replaced", warnings: [...warnings, { field: "buffer", message }] };
  }

  /** @throws {Refusal} `not_found`. */
  delete(name: string): void {
    this.#registry.pipeline(name);
    this.#registry.buffers.delete(name);
  }
}

function sameFrame({ id: _, ...present }: PipelineFrame, wanted: Omit<PipelineFrame, "id">) {
  return isDeepStrictEqual(present, wanted);
}

/** @returns What began anew. */
function reshape({ pipeline }: HostedBuffer, wanted: Shape): readonly Warning[] {
  const before = pipeline.shape;
  const shape = reuse(wanted, before);
  pipeline.reshape(shape);
  return shape.detectors
    .filter((detector) => !before.detectors.includes(detector))
    .map(({ name }) => ({
      field: `detectors.${name}`,
      message: "it is new or has changed: it begins with the rows that are held",
    }));
}
