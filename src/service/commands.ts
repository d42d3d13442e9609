import type { PipelineConfig } from "../config/schema/pipeline.ts";
import type {
  BufferCreated,
  BufferDefinition,
  DetectorCreated,
  DetectorDefinition,
  FeatureDefinitions,
  FeaturesDefined,
  Ingested,
  PipelineCreated,
  Score,
} from "./api.ts";
import type { SourceFormat, SourceProgress } from "./live-pipeline/source-marks.ts";
import type { RowObject } from "./rows/read-columns.ts";
import type { BatchRows } from "./rows/source-rows.ts";

/** Everything that changes a hub, by kind: what is asked, and what is answered. */
interface Changes {
  readonly create_buffer: {
    ask: { readonly definition: BufferDefinition; readonly replace: boolean };
    answer: BufferCreated;
  };
  readonly delete_buffer: { ask: { readonly name: string }; answer: null };
  readonly append: {
    ask: {
      readonly name: string;
      readonly rows: readonly RowObject[];
      /** Time of rows without one, ms. */
      readonly arrivalMs: number;
      readonly strict: boolean;
    };
    answer: Ingested;
  };
  /** Rows of a source of lines go into a pipeline, and the source has come that far. */
  readonly append_batch: {
    ask: {
      readonly name: string;
      /** As the user named it. */
      readonly source: string;
      readonly progress: SourceProgress;
      readonly rows: BatchRows;
      /** Whether listeners are not to be told what came of them: they are history. */
      readonly quiet?: boolean;
    };
    answer: null;
  };
  /** It was found out how the lines of a source are written. */
  readonly put_source: {
    ask: { readonly name: string; readonly source: string; readonly format: SourceFormat };
    answer: null;
  };
  readonly define_features: {
    ask: { readonly name: string; readonly features: FeatureDefinitions };
    answer: FeaturesDefined;
  };
  readonly create_detector: {
    ask: { readonly definition: DetectorDefinition; readonly replace: boolean };
    answer: DetectorCreated;
  };
  readonly delete_detector: { ask: { readonly name: string }; answer: null };
  readonly score: {
    ask: {
      readonly name: string;
      readonly features: Readonly<Record<string, unknown>>;
      readonly sensorId?: string | undefined;
      readonly learn: boolean;
    };
    answer: Score;
  };
  readonly put_pipeline: {
    ask: {
      readonly name: string;
      /** Without its sinks: messages are not the hub's. */
      readonly config: PipelineConfig;
      /** As its author wrote it, to be shown and to be started again. */
      readonly document: unknown;
      /** File that it comes from; undefined: it came over HTTP. */
      readonly file?: string | undefined;
    };
    answer: PipelineCreated;
  };
  readonly delete_pipeline: { ask: { readonly name: string }; answer: null };
  /** From event time `from` up to `to` of a pipeline, ms, nobody watched. */
  readonly pause: {
    ask: { readonly name: string; readonly from: number; readonly to: number };
    answer: null;
  };
  /** Event time of a pipeline has come to `now`, ms, without a row. */
  readonly tick: { ask: { readonly name: string; readonly now: number }; answer: null };
}

/** Name of a command. */
export type CommandKind = keyof Changes;

/** A change as plain JSON: executed in the same order, on the same state, it gives the same answers. */
export type Command<Kind extends CommandKind = CommandKind> = {
  [K in Kind]: { readonly kind: K } & Changes[K]["ask"];
}[Kind];

/** What a command is answered with. */
export type Answer<Kind extends CommandKind> = Changes[Kind]["answer"];
