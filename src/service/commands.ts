import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type { AlertEvent, Episode } from "../core/alerts/alert-event.ts";
import type {
  Appended,
  BufferCreated,
  BufferDefinition,
  DetectorCreated,
  DetectorDefinition,
  FeatureDefinitions,
  FeaturesDefined,
  PipelineCreated,
  Score,
} from "./api.ts";
import type { Refused } from "./command-error.ts";
import type { DueEffect, RowsEffect, ScoredRows } from "./effects.ts";
import type { RepeatableCall } from "./live-pipeline/repeatable-calls.ts";
import type { SourceFormat, SourceProgress } from "./live-pipeline/source-states.ts";
import type { HostedBuffer } from "./registry.ts";
import type { RowObject } from "./rows/read-columns.ts";
import type { SourceRows } from "./rows/source-rows.ts";

/** Everything that changes the state machine, by kind: fields, answer, and effect on listeners. */
interface CommandTypes {
  readonly create_buffer: {
    fields: { readonly definition: BufferDefinition; readonly replace: boolean };
    answer: BufferCreated | Refused;
    effect: null;
  };
  readonly delete_buffer: { fields: { readonly name: string }; answer: null; effect: null };
  readonly append: {
    fields: {
      readonly name: string;
      readonly rows: readonly RowObject[];
      /** Event time of rows without a timestamp, ms. */
      readonly arrivalMs: number;
      readonly strict: boolean;
      /** Executes the rows only once, however often the call comes. */
      readonly once?: RepeatableCall | undefined;
      /** The same rows as JSON text, for the write-ahead log: a list, or an object with `rows`. */
      readonly json?: string | undefined;
    };
    answer: Appended;
    /** Null: the call is a repetition. */
    effect: RowsEffect | null;
  };
  /** Appends rows of a line source to a pipeline and stores the progress of the source. */
  readonly append_batch: {
    fields: {
      readonly name: string;
      /** Name of the source in the pipeline. */
      readonly source: string;
      readonly progress: SourceProgress;
      readonly rows: SourceRows;
      /** Whether the rows are history: they have no effect on listeners. */
      readonly quiet?: boolean;
    };
    answer: null;
    effect: RowsEffect | null;
  };
  /** Stores the detected line format of a source. */
  readonly put_source: {
    fields: { readonly name: string; readonly source: string; readonly format: SourceFormat };
    answer: null;
    effect: null;
  };
  readonly define_features: {
    fields: { readonly name: string; readonly features: FeatureDefinitions };
    answer: FeaturesDefined;
    effect: null;
  };
  readonly create_detector: {
    fields: { readonly definition: DetectorDefinition; readonly replace: boolean };
    answer: DetectorCreated | Refused;
    effect: null;
  };
  readonly delete_detector: { fields: { readonly name: string }; answer: null; effect: null };
  readonly score: {
    fields: {
      readonly name: string;
      readonly features: Readonly<Record<string, unknown>>;
      readonly sensorId?: string | undefined;
      readonly learn: boolean;
    };
    answer: Score;
    effect: null;
  };
  readonly put_pipeline: {
    fields: {
      readonly name: string;
      /** Without sinks: the state machine delivers nothing. */
      readonly config: PipelineConfig;
      /** The document as its author wrote it, for display and for the next start. */
      readonly document: unknown;
      /** The file of the document; undefined: it came over HTTP. */
      readonly file?: string | undefined;
    };
    answer: PipelineCreated;
    effect: null;
  };
  readonly delete_pipeline: { fields: { readonly name: string }; answer: null; effect: null };
  /** Marks event time from `from` to `to`, ms, as unobserved. */
  readonly pause: {
    fields: { readonly name: string; readonly from: number; readonly to: number };
    answer: null;
    effect: RowsEffect | null;
  };
  /** Advances the event time of a pipeline to `now`, ms, without a row. */
  readonly tick: {
    fields: { readonly name: string; readonly now: number };
    answer: null;
    effect: DueEffect | RowsEffect | null;
  };
}

/** Name of a command. */
export type CommandKind = keyof CommandTypes;

/**
 * A change of the state machine, as plain data. The same commands in the same order, on the same state, give
 * the same answers.
 */
export type Command<Kind extends CommandKind = CommandKind> = {
  [K in Kind]: { readonly kind: K } & CommandTypes[K]["fields"];
}[Kind];

/** The answer to a command. */
type Answer<Kind extends CommandKind> = CommandTypes[Kind]["answer"];

/** The result of executing a command. */
export interface Outcome<Kind extends CommandKind> {
  readonly answer: Answer<Kind>;
  /** Whether the state differs now: if so, the write-ahead log takes the command. */
  readonly changed: boolean;
  readonly effect: CommandTypes[Kind]["effect"];
}

/** Executes commands and keeps them. The durable store is one. */
export interface CommandExecutor {
  /**
   * Executes a command at once.
   *
   * @returns Its answer, once the command is as durable as configured.
   * @throws {CommandError} As `StateMachine.execute`; `unavailable`: nothing was executed; `unsafe`: the
   * command was executed and is not durable.
   */
  execute<K extends CommandKind>(command: TypedCommand<K>): Promise<Answer<K>>;
  /**
   * Like {@link execute}, for callers that need the effect too.
   *
   * @param read Called at once, before another command can overwrite the arrays of the effect.
   * @returns What `read` returned.
   */
  execute<K extends CommandKind, T>(
    command: TypedCommand<K>,
    read: (outcome: Outcome<K>) => T,
  ): Promise<T>;
}

/** A command of a known kind. */
export type TypedCommand<K extends CommandKind> = Command<K> & Command & { readonly kind: K };

/** Observes executed commands, synchronously. Must not change the state machine. */
export interface StateListener {
  /** A command has changed the state; called after the calls for its effect. */
  executed?(command: Command): void;
  /** See {@link RowsEffect}. */
  rows?(hosted: HostedBuffer, scored: ScoredRows): void;
  /** See {@link DueEffect}. */
  due?(hosted: HostedBuffer, events: readonly AlertEvent[], episodes: readonly Episode[]): void;
}
