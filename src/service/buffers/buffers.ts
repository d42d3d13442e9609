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
import { checkCount, MAX_VARIANTS } from "../checks/names.ts";
import type { Refused } from "../command-error.ts";
import type { ScoredRows } from "../effects.ts";
import { orNull } from "../live-pipeline/explanations.ts";
import { LivePipeline } from "../live-pipeline/live-pipeline.ts";
import { addFeatures, featuresInUse, type Shape } from "../live-pipeline/shape.ts";
import type { HostedBuffer, Registry } from "../registry.ts";
import type { RowObject } from "../rows/read-columns.ts";
import { type ReadOptions, RowObjectReader } from "../rows/row-object-reader.ts";
import { defineBuffer } from "./define-buffer.ts";
import { resolveFeatures } from "./resolve-features.ts";

/** Creates, fills and reads buffers. */
export class Buffers {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * @param replace Whether a different definition replaces a buffer, with its rows and features.
   * @param onReplace Called before that.
   * @returns `Refused` the first time that a different definition is refused: it is a variant now.
   * @throws {CommandError} `invalid`, `conflict`, `limit`.
   */
  create(
    definition: BufferDefinition,
    replace: boolean,
    onReplace: (name: string) => void,
  ): BufferCreated | Refused {
    const { buffers, limits } = this.#registry;
    const layout = defineBuffer(definition, limits);
    const wanted = { ...definition, key: layout.key };
    const present = buffers.get(definition.name);
    if (present !== undefined) {
      this.#registry.ownBuffer(definition.name);
      const found = differences(terms(present.definition), terms(wanted));
      if (found.length === 0) return this.#created("exists", definition.name);
      if (!replace) return this.#refuse(present, wanted, found);
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
      variants: [],
      nullFeatures: [],
    });
    return this.#created(present === undefined ? "created" : "replaced", definition.name);
  }

  states(): readonly BufferState[] {
    return [...this.#registry.buffers.keys()].map((name) => this.state(name));
  }

  /** @throws {CommandError} `not_found`. */
  state(name: string): BufferState {
    const hosted = this.#registry.buffer(name);
    const { definition, pipeline, variants } = hosted;
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
      features: featureNames(hosted),
      detectors: pipeline.shape.detectors.map((detector) => detector.name),
      variants,
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
    const hosted = this.#registry.ownBuffer(name);
    const { pipeline } = hosted;
    const { limits, buffers } = this.#registry;
    const { specs, nullFeatures, warnings } = resolveFeatures(hosted, entries, limits);
    warnings.push(...checkWindows(specs, pipeline.frame.maxRows, limits));
    const shape = addFeatures(pipeline.shape, specs, pipeline.buffer.appended > 0);
    checkFeatureCount(shape, nullFeatures.length, limits);
    warnings.push(...changes(pipeline, shape));
    if (shape !== pipeline.shape) pipeline.reshape(shape);
    const defined = { ...hosted, nullFeatures };
    buffers.set(name, defined);
    return { features: featureNames(defined), warnings };
  }

  /** @param sensorId Undefined: the sensor of the newest row. */
  features(name: string, sensorId?: string): LatestFeatures {
    const hosted = this.#registry.buffer(name);
    const { pipeline } = hosted;
    const { keys } = pipeline;
    const key = sensorId === undefined ? pipeline.newestKey : keys.find(sensorId);
    const newest = key < 0 ? null : pipeline.newestRow(key);
    return {
      features: new Map(
        featureNames(hosted).map((feature) => {
          const value = newest?.features.get(feature);
          return [feature, value === undefined ? null : orNull(value)];
        }),
      ),
      sensorId: sensorId ?? (key < 0 ? null : keys.name(key)),
      timestamp: newest?.time ?? null,
    };
  }

  /** Keeps a different definition as a variant, unless it is one or there are too many. */
  #refuse(present: HostedBuffer, wanted: BufferDefinition, found: readonly string[]): Refused {
    const { name } = wanted;
    const { variants } = present;
    const conflict = (kept: string) => nameConflict("buffer", name, found, kept);
    const kept =
      "It is kept as a variant: features may use its columns, and are null where the buffer lacks the column";
    if (variants.some((variant) => differences(terms(variant), terms(wanted)).length === 0))
      throw conflict(kept);
    if (variants.length >= MAX_VARIANTS)
      throw conflict(`It is not kept: there are ${MAX_VARIANTS} variants already`);
    this.#registry.buffers.set(name, { ...present, variants: [...variants, wanted] });
    return { creation: "refused", conflict: conflict(kept) };
  }

  #created(creation: Creation, name: string): BufferCreated {
    return { creation, state: this.state(name), warnings: [] };
  }
}

/** Names of all features, also of those that are always null. */
function featureNames({ pipeline, nullFeatures }: HostedBuffer): readonly string[] {
  return [...pipeline.featureNames, ...nullFeatures];
}

/** A definition with the names of the API. */
function terms({ schema, maxRows, key }: BufferDefinition): Readonly<Record<string, unknown>> {
  return { schema, max_rows: maxRows, key };
}

/** Warns about features that replace others, and about detectors that are reset because of that. */
function changes({ shape }: LivePipeline, next: Shape): readonly Warning[] {
  const before = new Map(featuresInUse(shape).map((spec) => [spec.name, spec]));
  const changed = new Set(
    featuresInUse(next)
      .filter((spec) => before.has(spec.name) && before.get(spec.name) !== spec)
      .map(({ name }) => name),
  );
  const replaced = [...changed].map((name) => ({
    field: "features",
    message: `${name} had another definition, which this one replaces`,
  }));
  const reset = shape.detectors.flatMap(({ name, inputNames }) => {
    const inputs = inputNames.filter((input) => changed.has(input));
    if (inputs.length === 0) return [];
    const message = `the detector ${name} is reset and learns from the rows of the buffer: ${inputs.join(", ")} changed`;
    return [{ field: "features", message }];
  });
  return [...replaced, ...reset];
}
