import type {
  Appended,
  BufferCreated,
  BufferDefinition,
  BufferState,
  DetectorCreated,
  DetectorDefinition,
  DetectorState,
  FeatureDefinitions,
  FeaturesDefined,
  LatestFeatures,
  Score,
} from "./api.ts";
import { BufferDesk, type Ran, summarize } from "./buffer-desk.ts";
import { DetectorDesk } from "./detector-desk.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Registry } from "./registry.ts";
import type { RowObject } from "./rows/read-columns.ts";
import type { ReadOptions } from "./rows/row-reader.ts";
import { ScoreDesk, type ScoreRequest } from "./score-desk.ts";

/** Called with what came of rows, after each append, before it returns. Must not change anything. */
export type HubListener = (name: string, ran: Ran) => void;

/**
 * All buffers and detectors of a running iotmon. Synchronous, no clock, no I/O: the same calls, in the
 * same order, give the same answers. A call that is refused has changed nothing.
 */
export class Hub {
  readonly #registry: Registry;
  readonly #buffers: BufferDesk;
  readonly #detectors: DetectorDesk;
  readonly #scores: ScoreDesk;
  readonly #listeners = new Set<HubListener>();

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#registry = new Registry(limits);
    this.#buffers = new BufferDesk(this.#registry);
    this.#detectors = new DetectorDesk(this.#registry);
    this.#scores = new ScoreDesk(this.#registry, this.#detectors);
  }

  /** @returns Stops it. */
  listen(listener: HubListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws {Refusal} As do all others: `not_found`, `conflict`, `invalid`, `limit`. */
  createBuffer(
    definition: BufferDefinition,
    options: { readonly replace: boolean },
  ): BufferCreated {
    const created = this.#buffers.create(definition, options.replace, (name) =>
      this.#detectors.release(name),
    );
    if (created.creation === "exists") return created;
    this.#detectors.prepareAll();
    return { ...created, state: this.buffer(definition.name) };
  }

  buffers(): readonly BufferState[] {
    return this.#buffers.states();
  }

  buffer(name: string): BufferState {
    return this.#buffers.state(name);
  }

  /** Its rows go; its detectors keep what they have learned. */
  deleteBuffer(name: string): void {
    this.#registry.buffer(name);
    this.#detectors.release(name);
    this.#registry.buffers.delete(name);
  }

  append(name: string, rows: readonly RowObject[], options: ReadOptions): Appended {
    const ran = this.#buffers.append(name, rows, options);
    for (const listener of this.#listeners) listener(name, ran);
    return summarize(ran, this.#registry.buffer(name));
  }

  defineFeatures(name: string, features: FeatureDefinitions): FeaturesDefined {
    const defined = this.#buffers.defineFeatures(name, features);
    this.#detectors.prepareAll();
    return { ...defined, features: this.#buffers.state(name).features };
  }

  /** @param sensorId Undefined: the sensor of the newest row. */
  features(name: string, sensorId?: string): LatestFeatures {
    return this.#buffers.features(name, sensorId);
  }

  createDetector(
    definition: DetectorDefinition,
    options: { readonly replace: boolean },
  ): DetectorCreated {
    const created = this.#detectors.create(definition, options.replace);
    return { ...created, state: this.detector(definition.name) };
  }

  detectors(): readonly DetectorState[] {
    return [...this.#registry.detectors.keys()].map((name) => this.detector(name));
  }

  detector(name: string): DetectorState {
    return this.#scores.state(name);
  }

  deleteDetector(name: string): void {
    this.#detectors.remove(name);
  }

  score(name: string, request: ScoreRequest): Score {
    return this.#scores.score(name, request);
  }
}
