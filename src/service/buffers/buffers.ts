import { FeatureTable } from "../../config/resolve/features.ts";
import type {
  BufferCreated,
  BufferDefinition,
  BufferState,
  Creation,
  FeatureDefinitions,
  FeaturesDefined,
  LatestFeatures,
  Warning,
} from "../api.ts";
import { checkFeatureCount, checkWindows } from "../checks/check-features.ts";
import { differences, nameConflict } from "../checks/differences.ts";
import { fieldFindings, throwFirstFault } from "../checks/findings.ts";
import { checkCount } from "../checks/names.ts";
import type { ScoredRows } from "../effects.ts";
import { orNull } from "../live-pipeline/explanations.ts";
import { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import { addFeatures, featuresInUse, type Shape } from "../live-pipeline/shape.ts";
import type { Registry } from "../registry.ts";
import type { RowObject } from "../rows/read-columns.ts";
import { type ReadOptions, RowObjectReader } from "../rows/row-object-reader.ts";
import { defineBuffer } from "./define-buffer.ts";

/** Creates, fills and reads buffers. */
export class Buffers {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * @param replace Whether a different definition replaces a buffer, with its rows and features.
   * @param onReplace Called before that.
   * @throws {CommandError} `invalid`, `conflict`, `limit`.
   */
  create(
    definition: BufferDefinition,
    replace: boolean,
    onReplace: (name: string) => void,
  ): BufferCreated {
    const { buffers, limits } = this.#registry;
    const layout = defineBuffer(definition, limits);
    const wanted = { ...definition, key: layout.key };
    const present = buffers.get(definition.name);
    if (present !== undefined) {
      this.#registry.ownBuffer(definition.name);
      const found = differences(terms(present.definition), terms(wanted));
      if (found.length === 0) return this.#created("exists", definition.name);
      if (!replace) throw nameConflict("buffer", definition.name, found);
      onReplace(definition.name);
    } else checkCount("buffers", buffers.size + 1, limits.buffers);
    const pipeline = new LivePipeline({
      id: this.#registry.newId(),
      name: definition.name,
      layout,
      maxRows: definition.maxRows,
      maxKeys: limits.keys,
      outOfOrder: "process",
    });
    const reader = new RowObjectReader(layout, definition.schema, pipeline.keys);
    buffers.set(definition.name, {
      config: null,
      document: null,
      definition: wanted,
      pipeline,
      reader,
    });
    return this.#created(present === undefined ? "created" : "replaced", definition.name);
  }

  states(): readonly BufferState[] {
    return [...this.#registry.buffers.keys()].map((name) => this.state(name));
  }

  /** @throws {CommandError} `not_found`. */
  state(name: string): BufferState {
    const { definition, pipeline } = this.#registry.buffer(name);
    const { buffer, keys } = pipeline;
    return {
      name,
      schema: definition.schema,
      maxRows: definition.maxRows,
      key: definition.key ?? null,
      currentRows: buffer.rows,
      rowsAppended: buffer.appended,
      rowsEvicted: buffer.evicted,
      sensors: keys.size,
      features: pipeline.featureNames,
      detectors: pipeline.shape.detectors.map((detector) => detector.name),
    };
  }

  /** @throws {CommandError} `not_found`. */
  delete(name: string, onDelete: (name: string) => void): void {
    this.#registry.ownBuffer(name);
    onDelete(name);
    this.#registry.buffers.delete(name);
  }

  /** @throws {CommandError} `invalid` when strict, `limit`. */
  append(name: string, rows: readonly RowObject[], options: ReadOptions): ScoredRows {
    const { pipeline, reader } = this.#registry.buffer(name);
    checkCount("rows", rows.length, this.#registry.limits.rowsPerCall, "rows");
    const read = reader.read(rows, options);
    return { read, ...pipeline.append(read.batch) };
  }

  /** @throws {CommandError} `invalid`, `limit`. */
  defineFeatures(name: string, entries: FeatureDefinitions): FeaturesDefined {
    const { pipeline } = this.#registry.ownBuffer(name);
    const findings = fieldFindings();
    const table = new FeatureTable(pipeline.frame.layout, Number.POSITIVE_INFINITY, findings);
    table.declare(entries);
    throwFirstFault(findings);
    const { limits } = this.#registry;
    const warnings = checkWindows(table.specs, pipeline.frame.maxRows, limits);
    const shape = addFeatures(pipeline.shape, table.specs, pipeline.buffer.appended > 0);
    checkFeatureCount(shape, limits);
    warnings.push(...resets(pipeline, shape));
    if (shape !== pipeline.shape) pipeline.reshape(shape);
    return { features: pipeline.featureNames, warnings };
  }

  /** @param sensorId Undefined: the sensor of the newest row. */
  features(name: string, sensorId?: string): LatestFeatures {
    const { pipeline } = this.#registry.buffer(name);
    const { keys } = pipeline;
    const key = sensorId === undefined ? pipeline.newestKey : keys.find(sensorId);
    const newest = key < 0 ? null : pipeline.newestRow(key);
    return {
      features: new Map(
        pipeline.featureNames.map((feature) => {
          const value = newest?.features.get(feature);
          return [feature, value === undefined ? null : orNull(value)];
        }),
      ),
      sensorId: sensorId ?? (key < 0 ? null : keys.name(key)),
      timestamp: newest?.time ?? null,
    };
  }

  #created(creation: Creation, name: string): BufferCreated {
    return { creation, state: this.state(name), warnings: [] };
  }
}

/** A definition with the names of the API. */
function terms({ schema, maxRows, key }: BufferDefinition): Readonly<Record<string, unknown>> {
  return { schema, max_rows: maxRows, key };
}

/** Warns about detectors that are reset because a feature of theirs has changed. */
function resets({ shape }: LivePipeline, next: Shape): readonly Warning[] {
  const before = new Map(featuresInUse(shape).map((spec) => [spec.name, spec]));
  const changed = new Set(
    featuresInUse(next)
      .filter((spec) => before.has(spec.name) && before.get(spec.name) !== spec)
      .map(({ name }) => name),
  );
  return shape.detectors.flatMap(({ name, inputNames }) => {
    const inputs = inputNames.filter((input) => changed.has(input));
    if (inputs.length === 0) return [];
    const message = `the detector ${name} is reset and learns from the rows of the buffer: ${inputs.join(", ")} changed`;
    return [{ field: "features", message }];
  });
}
