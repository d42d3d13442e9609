import { isDeepStrictEqual } from "node:util";
import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import type { PipelineCreated, Warning } from "../api.ts";
import { toWarning } from "../checks/findings.ts";
import { checkCount, checkName } from "../checks/names.ts";
import { CommandError } from "../command-error.ts";
import { LivePipeline, type PipelineFrame } from "../live-pipeline/live-pipeline.ts";
import { changeShape, type ShapeChange } from "../live-pipeline/rebuild/change-shape.ts";
import type { Shape } from "../live-pipeline/shape.ts";
import type { HostedBuffer, Registry } from "../registry.ts";
import { RowObjectReader } from "../rows/row-object-reader.ts";
import { sentFields } from "../rows/sent-fields.ts";
import { definePipeline } from "./define-pipeline.ts";

/** Creates, changes and deletes the pipelines that documents define. */
export class Pipelines {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * Creates a pipeline or changes it to a new document. Unchanged parts keep their state.
   *
   * @throws {CommandError} `invalid`, `conflict` when it is the name of a buffer, `limit`.
   */
  put(name: string, config: PipelineConfig, document: unknown, file?: string): PipelineCreated {
    const { buffers, limits } = this.#registry;
    checkName(name);
    const present = buffers.get(name);
    if (present?.config === null) {
      throw new CommandError("conflict", `"${name}" is the name of a buffer`, { field: "name" });
    }
    if (present === undefined) {
      checkCount("pipelines", this.#registry.pipelineNames().length + 1, limits.pipelines);
    }
    const { resolved, frame, shape, opening } = definePipeline(name, config, limits);
    const warnings: Warning[] = resolved.warnings.map((fault) => toWarning(fault));
    if (present !== undefined && sameFrame(present.pipeline.frame, frame)) {
      const creation = isDeepStrictEqual([present.config, present.document], [config, document])
        ? "exists"
        : "replaced";
      const { kept, reset } = reshape(present, shape);
      const { schema } = present.definition;
      const { keys } = present.pipeline;
      const fields = sentFields(config);
      const { ranges, time } = resolved;
      const { layout } = frame;
      const reader = new RowObjectReader(layout, schema, keys, fields, ranges, time.maxAhead);
      present.pipeline.ranges = resolved.ranges;
      present.pipeline.time = resolved.time;
      present.pipeline.join = resolved.join;
      buffers.set(name, { ...present, config, document, file, reader });
      return { creation, kept: ["rows", ...kept], reset, warnings, opening };
    }
    const sources = present?.pipeline.sources; // sources keep their positions
    const pipeline = new LivePipeline({ id: this.#registry.newId(), ...frame }, shape, sources);
    pipeline.ranges = resolved.ranges;
    pipeline.time = resolved.time;
    pipeline.join = resolved.join;
    const schema = config.buffer.schema ?? {};
    buffers.set(name, {
      config,
      document,
      file,
      definition: { name, schema, maxRows: frame.maxRows, key: frame.layout.key },
      pipeline,
      reader: new RowObjectReader(
        frame.layout,
        schema,
        pipeline.keys,
        sentFields(config),
        resolved.ranges,
        resolved.time.maxAhead,
      ),
      variants: [],
      nullFeatures: [],
    });
    if (present === undefined) {
      return { creation: "created", kept: [], reset: [], warnings, opening };
    }
    const message = "columns, key or size have changed: rows, windows and models are reset";
    warnings.push({ field: "buffer", message });
    const reset = ["rows", ...partsOf(present)];
    return { creation: "replaced", kept: [], reset, warnings, opening };
  }

  /** @throws {CommandError} `not_found`. */
  delete(name: string): void {
    this.#registry.pipeline(name);
    this.#registry.buffers.delete(name);
  }
}

function sameFrame({ id: _, ...present }: PipelineFrame, wanted: Omit<PipelineFrame, "id">) {
  return isDeepStrictEqual(present, wanted);
}

/** Changes the shape of a pipeline if anything differs. */
function reshape({ pipeline }: HostedBuffer, wanted: Shape): ShapeChange {
  const change = changeShape(wanted, pipeline.shape);
  const { shape, renewed, reset } = change;
  const grown = shape.detectors.some((one) => !pipeline.shape.detectors.includes(one));
  if (grown || renewed.size > 0 || reset.length > 0 || shape.sets !== pipeline.shape.sets) {
    pipeline.reshape(shape, new Map(), renewed);
  }
  return change;
}

function partsOf({ pipeline }: HostedBuffer): readonly string[] {
  return [
    ...pipeline.featureNames.map((name) => `features.${name}`),
    ...pipeline.shape.detectors.map(({ name }) => `detectors.${name}`),
  ];
}
