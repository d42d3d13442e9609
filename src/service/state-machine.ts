import type { ReadingBuffer } from "../buffer/reading-buffer.ts";
import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type {
  BufferCreated,
  BufferDefinition,
  BufferState,
  DetectorCreated,
  DetectorDefinition,
  DetectorState,
  FeatureDefinitions,
  FeaturesDefined,
  Ingested,
  LatestFeatures,
  PipelineCreated,
  Score,
} from "./api.ts";
import { Buffers } from "./buffers/buffers.ts";
import { DEFAULT_LIMITS, type Limits } from "./checks/limits.ts";
import type { Answer, Command, CommandKind } from "./commands.ts";
import { Detectors } from "./detectors/detectors.ts";
import { createHandlers, type Handlers } from "./handlers.ts";
import { Pipelines } from "./pipelines/pipelines.ts";
import { Queries } from "./queries/queries.ts";
import { type HostedBuffer, Registry } from "./registry.ts";
import type { RowObject } from "./rows/read-columns.ts";
import type { ReadOptions } from "./rows/row-reader.ts";
import { type ScoreRequest, Scoring } from "./scoring/scoring.ts";
import { restoreRegistry, saveRegistry } from "./snapshot/save-registry.ts";
import { PartWriter, type ReportLoss, type SavedParts } from "./snapshot/snapshot-parts.ts";
import type { StateListener } from "./state-listener.ts";

/**
 * All buffers, detectors and pipelines of a running iotmon. Synchronous, no clock, no I/O: the same
 * commands, in the same order, give the same answers. A command that is refused has changed nothing.
 */
export class StateMachine {
  readonly #registry: Registry;
  readonly #listeners = new Set<StateListener>();
  readonly #buffers: Buffers;
  readonly #scores: Scoring;
  readonly #handlers: Handlers;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    const registry = new Registry(limits);
    const detectors = new Detectors(registry);
    this.#registry = registry;
    this.#buffers = new Buffers(registry);
    this.#scores = new Scoring(registry, detectors);
    this.#handlers = createHandlers({
      registry,
      buffers: this.#buffers,
      detectors,
      pipelines: new Pipelines(registry),
      scores: this.#scores,
      listeners: this.#listeners,
    });
  }

  /**
   * A hub in a saved state. What is missing or damaged begins anew.
   *
   * @param pieces By name; all that {@link save} ever gave, without what it removed.
   * @param report Told of what is lost.
   */
  static restore(
    pieces: ReadonlyMap<string, Uint8Array>,
    report: ReportLoss,
    limits: Limits = DEFAULT_LIMITS,
  ): StateMachine {
    const hub = new StateMachine(limits);
    restoreRegistry(hub.#registry, pieces, report);
    return hub;
  }

  /**
   * Saves the whole state.
   *
   * @param saved Versions of the pieces that are saved already, by name.
   */
  save(saved: ReadonlyMap<string, number> = new Map()): SavedParts {
    const saving = this.saving(saved);
    for (;;) {
      const step = saving.next();
      if (step.done === true) return step.value;
    }
  }

  /**
   * As {@link save}, in small steps: each gives the number of a pipeline, which is saved as it was at its
   * first step. Between steps there may be commands that change one pipeline each, see {@link target};
   * after any other, what was collected does not fit together, and it is to be ended with `return`.
   */
  *saving(saved: ReadonlyMap<string, number>): Generator<number, SavedParts> {
    const out = new PartWriter(saved);
    yield* saveRegistry(this.#registry, out);
    return out.finish();
  }

  /** Grows whenever there is something else than before: buffers, features, detectors, links. */
  get revision(): number {
    return this.#registry.revision;
  }

  /** Number of the only pipeline that a command changes; null when it may change more. */
  target(command: Command): number | null {
    const { buffers, detectors } = this.#registry;
    switch (command.kind) {
      case "append":
      case "append_batch":
      case "put_source":
        return buffers.get(command.name)?.pipeline.frame.id ?? null;
      case "score":
        return detectors.get(command.name)?.home.frame.id ?? null;
      default:
        return null;
    }
  }

  /** @returns Stops it. */
  listen(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws {Refusal} As do all others: `not_found`, `conflict`, `invalid`, `limit`. */
  execute<K extends CommandKind>(command: Command<K> & Command): Answer<K> {
    const { answer, changed } = this.#handlers[command.kind as K](command);
    if (changed) for (const listener of this.#listeners) listener.executed?.(command);
    return answer;
  }

  createBuffer(
    definition: BufferDefinition,
    options: { readonly replace: boolean },
  ): BufferCreated {
    return this.execute({ kind: "create_buffer", definition, replace: options.replace });
  }

  buffers(): readonly BufferState[] {
    return this.#buffers.states();
  }

  buffer(name: string): BufferState {
    return this.#buffers.state(name);
  }

  /** How sensors are, for whoever watches them. */
  get watching(): Queries {
    return new Queries(this.#registry);
  }

  /** The rows of a buffer, for queries. */
  readings(name: string): ReadingBuffer {
    return this.#registry.buffer(name).pipeline.buffer;
  }

  /** Its rows go; its detectors keep what they have learned. */
  deleteBuffer(name: string): void {
    this.execute({ kind: "delete_buffer", name });
  }

  /** @returns Results are made when they are looked at, and that is to be before the next append but one. */
  append(name: string, rows: readonly RowObject[], options: ReadOptions): Ingested {
    const { arrivalMs, strict } = options;
    return this.execute({ kind: "append", name, rows, arrivalMs, strict });
  }

  defineFeatures(name: string, features: FeatureDefinitions): FeaturesDefined {
    return this.execute({ kind: "define_features", name, features });
  }

  /** @param sensorId Undefined: the sensor of the newest row. */
  features(name: string, sensorId?: string): LatestFeatures {
    return this.#buffers.features(name, sensorId);
  }

  createDetector(
    definition: DetectorDefinition,
    options: { readonly replace: boolean },
  ): DetectorCreated {
    return this.execute({ kind: "create_detector", definition, replace: options.replace });
  }

  detectors(): readonly DetectorState[] {
    return [...this.#registry.detectors.keys()].map((name) => this.detector(name));
  }

  detector(name: string): DetectorState {
    return this.#scores.state(name);
  }

  deleteDetector(name: string): void {
    this.execute({ kind: "delete_detector", name });
  }

  score(name: string, request: ScoreRequest): Score {
    return this.execute({ kind: "score", name, ...request });
  }

  /** Names of the pipelines that documents define. */
  pipelines(): readonly string[] {
    return this.#registry.pipelineNames();
  }

  /** A pipeline that a document defines. */
  pipeline(name: string): HostedBuffer & { readonly config: PipelineConfig } {
    return this.#registry.pipeline(name);
  }

  /**
   * @param config Without its sinks.
   * @param document As its author wrote it: plain JSON.
   * @param file Where it comes from; undefined: over HTTP.
   */
  putPipeline(
    name: string,
    config: PipelineConfig,
    document: unknown,
    file?: string,
  ): PipelineCreated {
    return this.execute({ kind: "put_pipeline", name, config, document, file });
  }

  deletePipeline(name: string): void {
    this.execute({ kind: "delete_pipeline", name });
  }

  /** Event time of a pipeline has come to `now`, ms, without a row: it does what is due. */
  tick(name: string, now: number): void {
    this.execute({ kind: "tick", name, now });
  }
}
