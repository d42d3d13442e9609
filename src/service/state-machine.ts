import type { ReadingBuffer } from "../buffer/reading-buffer.ts";
import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type { BufferState, DetectorState, LatestFeatures } from "./api.ts";
import { Buffers } from "./buffers/buffers.ts";
import { DEFAULT_LIMITS, type Limits } from "./checks/limits.ts";
import { isVariantName } from "./checks/names.ts";
import type { Command, CommandKind, Outcome, StateListener, TypedCommand } from "./commands.ts";
import { Detectors } from "./detectors/detectors.ts";
import { createHandlers, type Handlers } from "./handlers.ts";
import { Pipelines } from "./pipelines/pipelines.ts";
import { Queries } from "./queries/queries.ts";
import { type HostedBuffer, Registry } from "./registry.ts";
import { byFit, checkFeatures } from "./scoring/choose-definition.ts";
import { Scoring } from "./scoring/scoring.ts";
import { restoreRegistry, saveRegistry } from "./snapshot/save-registry.ts";
import { PartWriter, type ReportLoss, type SnapshotPart } from "./snapshot/snapshot-parts.ts";

/**
 * All buffers, detectors and pipelines of a running iotmon. Commands change it; everything else reads it.
 * Synchronous, no clock, no I/O: the same commands in the same order give the same answers. A command that
 * throws has changed nothing.
 */
export class StateMachine {
  /** Sensor states and traces. */
  readonly queries: Queries;
  readonly #registry: Registry;
  readonly #listeners = new Set<StateListener>();
  readonly #buffers: Buffers;
  readonly #scoring: Scoring;
  readonly #handlers: Handlers;
  #wideChanges = 0;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    const registry = new Registry(limits);
    const detectors = new Detectors(registry);
    this.#registry = registry;
    this.#buffers = new Buffers(registry);
    this.#scoring = new Scoring(registry, detectors);
    this.queries = new Queries(registry);
    this.#handlers = createHandlers({
      registry,
      buffers: this.#buffers,
      detectors,
      pipelines: new Pipelines(registry),
      scoring: this.#scoring,
    });
  }

  /**
   * Restores a saved state. Missing or damaged parts start empty.
   *
   * @param parts Everything that {@link save} returned. Those of windows and models are kept until they are needed.
   * @param report Called for every loss.
   */
  static restore(
    parts: Iterable<SnapshotPart>,
    report: ReportLoss,
    limits: Limits = DEFAULT_LIMITS,
  ): StateMachine {
    const restoring = StateMachine.restoring(parts, report, limits);
    for (;;) {
      const next = restoring.next();
      if (next.done === true) return next.value;
    }
  }

  /** Like {@link restore}, one sensor per step. */
  static *restoring(
    parts: Iterable<SnapshotPart>,
    report: ReportLoss,
    limits: Limits = DEFAULT_LIMITS,
  ): Generator<void, StateMachine> {
    const machine = new StateMachine(limits);
    const byName = new Map(Array.from(parts, (part) => [part.name, part]));
    yield* restoreRegistry(machine.#registry, byName, report);
    return machine;
  }

  /** Saves the whole state. @returns All parts. */
  save(): SnapshotPart[] {
    const parts: SnapshotPart[] = [];
    for (const _ of this.saving(new Map(), (part) => parts.push(part)));
    return parts;
  }

  /**
   * Saves what has changed, in small steps. Each step yields the number of a pipeline, which is saved as it was
   * at its first step. Between steps, commands with a {@link target} may be executed. When {@link wideChanges}
   * grows, the parts so far do not fit together: end the generator with `return`.
   *
   * @param saved Versions of the parts that are saved already, by name.
   * @param take Receives each changed part.
   * @returns Names of saved parts that are no longer needed.
   */
  *saving(
    saved: ReadonlyMap<string, number>,
    take: (part: SnapshotPart) => void,
  ): Generator<number, readonly string[]> {
    const out = new PartWriter(saved, take);
    yield* saveRegistry(this.#registry, out);
    return out.removed();
  }

  /** Grows with every change that may affect more than the rows and models of one pipeline. */
  get wideChanges(): number {
    return this.#wideChanges;
  }

  /** Memory of rows, windows and models, about, bytes. O(sensors). */
  get bytes(): number {
    const { buffers, detectors } = this.#registry;
    const homes = new Set([...buffers.values()].map(({ pipeline }) => pipeline));
    for (const { home } of detectors.values()) homes.add(home);
    return [...homes].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Number of the one pipeline whose rows and models a command changes; null: it may change more. */
  target(command: Command): number | null {
    const { buffers, detectors } = this.#registry;
    switch (command.kind) {
      case "append":
      case "append_batch":
      case "put_source":
        return buffers.get(command.name)?.pipeline.frame.id ?? null;
      case "score":
        if (!detectors.has(command.name)) return null;
        return byFit(this.#registry.definitions(command.name), command.features)[0].home.frame.id;
      default:
        return null;
    }
  }

  listen(listener: StateListener): void {
    this.#listeners.add(listener);
  }

  /** @throws {CommandError} `not_found`, `conflict`, `invalid`, `limit`. */
  execute<K extends CommandKind>(command: TypedCommand<K>): Outcome<K> {
    const { revision } = this.#registry;
    const outcome = this.#handlers[command.kind](command);
    const { changed, effect } = outcome;
    if (!changed) return outcome;
    const isWide = this.#registry.revision !== revision || this.target(command) === null;
    if (isWide) this.#wideChanges += 1;
    for (const listener of this.#listeners) {
      if (effect?.kind === "rows") listener.rows?.(effect.hosted, effect.scored);
      if (effect?.kind === "due") listener.due?.(effect.hosted, effect.events, effect.episodes);
    }
    for (const listener of this.#listeners) listener.executed?.(command);
    return outcome;
  }

  buffers(): readonly BufferState[] {
    return [...this.#registry.buffers.keys()].map((name) => this.buffer(name));
  }

  /** @throws {CommandError} `not_found`; so do the other queries by name. */
  buffer(name: string): BufferState {
    return this.#buffers.state(name);
  }

  /** The rows of a buffer. */
  readings(name: string): ReadingBuffer {
    return this.#registry.buffer(name).pipeline.buffer;
  }

  /** @param sensorId Undefined: the sensor of the newest row. */
  features(name: string, sensorId?: string): LatestFeatures {
    return this.#buffers.features(name, sensorId);
  }

  /** Detectors, with their variants in them. */
  detectors(): readonly DetectorState[] {
    return [...this.#registry.detectors.keys()]
      .filter((name) => !isVariantName(name))
      .map((name) => this.detector(name));
  }

  /** @param name Of a detector or a variant. */
  detector(name: string): DetectorState {
    return this.#scoring.state(name);
  }

  /**
   * Checks the features of a score call before its command.
   *
   * @param field Their place in the request, for the error.
   * @throws {CommandError} `not_found`; `invalid`, if neither the detector nor a variant has any of them.
   */
  checkFeatures(name: string, features: Readonly<Record<string, unknown>>, field: string): void {
    checkFeatures(this.#registry.definitions(name), features, field);
  }

  /** Names of the pipelines that documents define. */
  pipelines(): readonly string[] {
    return this.#registry.pipelineNames();
  }

  /** A pipeline that a document defines. */
  pipeline(name: string): HostedBuffer & { readonly config: PipelineConfig } {
    return this.#registry.pipeline(name);
  }
}
