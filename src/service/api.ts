/**
 * Definitions and answers of the service, with the names of the HTTP API. Callers convert them to JSON.
 *
 * @module
 */

import type { EcodEntry } from "../config/detectors/ecod/schema.ts";
import type { FeatureEntry } from "../config/schema/features.ts";
import type { Severity } from "../core/alerts/severity.ts";
import type { Side } from "../core/detectors/detector.ts";

/** Why a command failed. Each kind maps to one HTTP problem. */
export type CommandErrorKind =
  /** There is no buffer, detector or pipeline of this name. */
  | "not_found"
  /** The name is taken by something else. */
  | "conflict"
  /** The request is understood but not valid; `field` names the cause. */
  | "invalid"
  /** A limit on rows, columns, sensors, buffers, detectors or pipelines. */
  | "limit"
  /** Nothing was executed: the disk is full or failing. */
  | "unavailable"
  /** The command was executed but is not durable: the disk is full or failing. Do not send it again. */
  | "unsafe";

/** A fault that did not stop the rest of the command. */
export interface Warning {
  /** `rows.3.temperature`, `features.0.window`. */
  readonly field: string;
  readonly message: string;
}

/** Features of a buffer, as in a pipeline file. */
export type FeatureDefinitions = readonly FeatureEntry[];

/** A detector: an entry of a pipeline file with its defaults. */
export interface DetectorDefinition extends Omit<EcodEntry, "alerts"> {
  /** Buffer to observe; undefined: the one that has all its features at the first score call. */
  readonly buffer?: string | undefined;
}

/** Column to type: datetime, str, float, int, bool. */
export type Schema = Readonly<Record<string, string>>;

/** Definition of a buffer. */
export interface BufferDefinition {
  readonly name: string;
  readonly schema: Schema;
  readonly maxRows: number;
  /** Column that names the sensor; null: all rows are one sensor; undefined: found by its name. */
  readonly key?: string | null | undefined;
}

/** State of a buffer. */
export interface BufferState {
  readonly name: string;
  readonly schema: Schema;
  readonly maxRows: number;
  readonly key: string | null;
  readonly currentRows: number;
  readonly rowsAppended: number;
  readonly rowsEvicted: number;
  readonly sensors: number;
  /** Feature names, in order of definition. */
  readonly features: readonly string[];
  /** Detectors that observe the buffer. */
  readonly detectors: readonly string[];
  /** Other definitions, which were refused. */
  readonly variants: readonly BufferDefinition[];
}

/** Whether a definition was new. */
export type Creation = "created" | "exists" | "replaced";

/** Answer to `create_buffer`. */
export interface BufferCreated {
  readonly creation: Creation;
  readonly state: BufferState;
  readonly warnings: readonly Warning[];
}

/** Answer to `define_features`. */
export interface FeaturesDefined {
  /** Names of all features of the buffer, in order of definition. */
  readonly features: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Answer to `create_detector`. */
export interface DetectorCreated {
  readonly creation: Creation;
  readonly state: DetectorState;
  readonly warnings: readonly Warning[];
}

/** Answer to `put_pipeline`. */
export interface PipelineCreated {
  readonly creation: Creation;
  /** Parts that keep their state: `rows`, `features.temp_mean_10`, `detectors.stuck`. */
  readonly kept: readonly string[];
  /** Parts that were reset or removed. */
  readonly reset: readonly string[];
  readonly warnings: readonly Warning[];
  /** How the pipeline reads its rows, a line each. */
  readonly opening: readonly string[];
}

/** Answer to `append`. */
export interface Appended {
  /** Null, or the number of messages of the first call with the same key; this one did nothing, and has its counts. */
  readonly repeated: { readonly alerts: number } | null;
  readonly rowsAppended: number;
  /** Rows of sensors above the limit. */
  readonly rowsRejected: number;
  readonly currentRows: number;
  readonly rowsEvicted: number;
  /** Columns of the rows that the buffer lacks. */
  readonly ignoredColumns: readonly string[];
  /** The first hundred; `warningCount` counts all. */
  readonly warnings: readonly Warning[];
  readonly warningCount: number;
}

/** Newest feature values of a sensor; null: none yet. */
export interface LatestFeatures {
  readonly features: ReadonlyMap<string, number | null>;
  /** Null on an empty buffer. */
  readonly sensorId: string | null;
  /** Event time of their row, ms; null on an empty buffer. */
  readonly timestamp: number | null;
}

/** Progress of a detector with one sensor. */
export interface SensorProgress {
  readonly isWarm: boolean;
  readonly observationsSeen: number;
  readonly observationsNeeded: number;
  /** Scored readings, and the anomalous ones among them. */
  readonly scored: number;
  readonly anomalies: number;
}

/** State of a detector; the progress is that of the newest row's sensor. */
export interface DetectorState extends SensorProgress {
  readonly name: string;
  readonly algorithm: string;
  readonly features: readonly string[];
  readonly contamination: number | null;
  readonly warmupPeriod: number;
  /** Buffer whose rows it observes; null: none. */
  readonly buffer: string | null;
  readonly observationsTotal: number;
  readonly sensors: ReadonlyMap<string, SensorProgress>;
  /** Other definitions, which were refused; they have no variants themselves. */
  readonly variants: readonly DetectorState[];
}

/** Contribution of one feature to a score. */
export interface ScoredContribution {
  readonly feature: string;
  readonly value: number | null;
  readonly typical: number | null;
  readonly usualRange: readonly [number | null, number | null];
  readonly direction: Side;
  readonly share: number | null;
}

/** Answer to `score`. */
export interface Score {
  /** The definition that answers: name of the detector, or of a variant. */
  readonly variant: string;
  readonly isAnomaly: boolean;
  /** Finite, in [0, 1]; 0 without a verdict. */
  readonly anomalyScore: number;
  readonly rawScore: number | null;
  readonly p: number | null;
  readonly severity: Severity | null;
  readonly contributions: readonly ScoredContribution[];
  /** Sensor whose model answered. */
  readonly sensorId: string;
  /** Whether the features are those of a buffer row, which was scored when it arrived. */
  readonly isBufferRow: boolean;
  /** Whether the model learned from this call. */
  readonly learned: boolean;
  readonly isWarm: boolean;
  readonly observationsSeen: number;
  readonly observationsNeeded: number;
  readonly ignoredFeatures: readonly string[];
  readonly warnings: readonly Warning[];
}
