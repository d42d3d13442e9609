/**
 * What a running iotmon offers whoever asks: the HTTP API today. Names and words are those of the API;
 * JSON shapes are made of these by the caller.
 *
 * Every change is a command that is executed at once and in one order; reads never wait for changes.
 *
 * @module
 */

import type { EcodEntry } from "../config/schema/detectors.ts";
import type { FeatureEntry } from "../config/schema/features.ts";
import type { Severity } from "../core/alerts/severity.ts";
import type { Side } from "../core/detectors/ecod/surprise.ts";

/** Why something was refused. Each maps to one HTTP status. */
export type CommandErrorKind =
  /** There is no buffer, detector or pipeline of this name. */
  | "not_found"
  /** The name is taken by something else. */
  | "conflict"
  /** Understood, and not possible; `field` names the culprit. */
  | "invalid"
  /** A limit on rows, columns, keys, buffers, detectors. */
  | "limit"
  /** Nothing was changed: the disk is full or failing. */
  | "unavailable"
  /** It was done, and can't be made safe now: the disk is full or failing. Not to be sent again. */
  | "unsafe";

/** One thing that was not as it should be, and did not stop the rest. */
export interface Warning {
  /** `rows.3.temperature`, `features.0.window`. */
  readonly field: string;
  readonly message: string;
}

/** A definition as it was asked for: features of a buffer, as in a pipeline file. */
export type FeatureDefinitions = readonly FeatureEntry[];

/** A detector as its creator wants it: an entry of a pipeline file, defaults filled in. */
export interface DetectorDefinition extends Omit<EcodEntry, "alerts"> {
  /** Buffer to observe; undefined: the one that has all its features when it is first asked. */
  readonly buffer?: string | undefined;
}

/** Column to type: datetime, str, float, int, bool. */
export type Schema = Readonly<Record<string, string>>;

/** A buffer as its creator wants it. */
export interface BufferDefinition {
  readonly name: string;
  readonly schema: Schema;
  readonly maxRows: number;
  /** Column that names the sensor; null: rows are one sensor; undefined: found by name. */
  readonly key?: string | null | undefined;
}

/** A buffer as it stands. */
export interface BufferState {
  readonly name: string;
  readonly schema: Schema;
  readonly maxRows: number;
  readonly key: string | null;
  readonly currentRows: number;
  readonly rowsAppended: number;
  readonly rowsEvicted: number;
  readonly sensors: number;
  /** Names of its features, in order of definition. */
  readonly features: readonly string[];
  /** Detectors that observe it. */
  readonly detectors: readonly string[];
}

/** What became of a definition that may have been there already. */
export type Creation = "created" | "exists" | "replaced";

/** What defining a buffer came to. */
export interface BufferCreated {
  readonly creation: Creation;
  readonly state: BufferState;
  readonly warnings: readonly Warning[];
}

/** What defining features came to. */
export interface FeaturesDefined {
  /** Names of all features of the buffer, in order of definition. */
  readonly features: readonly string[];
  readonly warnings: readonly Warning[];
}

/** What defining a detector came to. */
export interface DetectorCreated {
  readonly creation: Creation;
  readonly state: DetectorState;
  readonly warnings: readonly Warning[];
}

/** What putting a pipeline came to. */
export interface PipelineCreated {
  readonly creation: Creation;
  /** Parts that go on as they were: `rows`, `features.temp_mean_10`, `detectors.stuck`. */
  readonly kept: readonly string[];
  /** Parts that were there and began anew, or are gone. */
  readonly reset: readonly string[];
  readonly warnings: readonly Warning[];
}

/** What an append did. */
export interface Appended {
  readonly rowsAppended: number;
  /** Rows that could not be kept at all: there are too many sensors. */
  readonly rowsRejected: number;
  readonly currentRows: number;
  readonly rowsEvicted: number;
  /** Columns of the rows that the buffer does not have. */
  readonly ignoredColumns: readonly string[];
  /** At most a hundred; `warningCount` counts all. */
  readonly warnings: readonly Warning[];
  readonly warningCount: number;
}

/** The newest values of a sensor's features; null where there is none yet. */
export interface LatestFeatures {
  readonly features: ReadonlyMap<string, number | null>;
  /** Null on an empty buffer. */
  readonly sensorId: string | null;
  /** Event time of the row they belong to, ms; null on an empty buffer. */
  readonly timestamp: number | null;
}

/** How far a detector is with one sensor. */
export interface SensorProgress {
  readonly isWarm: boolean;
  readonly observationsSeen: number;
  readonly observationsNeeded: number;
  /** Scored readings, and those of them that were anomalous. */
  readonly scored: number;
  readonly anomalies: number;
}

/** A detector as it stands: progress is that of the newest row's sensor. */
export interface DetectorState extends SensorProgress {
  readonly name: string;
  readonly algorithm: string;
  readonly features: readonly string[];
  readonly contamination: number | null;
  readonly warmupPeriod: number;
  /** Buffer whose rows it observes; null: it is not linked to one. */
  readonly buffer: string | null;
  readonly observationsTotal: number;
  readonly sensors: ReadonlyMap<string, SensorProgress>;
}

/** One feature's part in a score. */
export interface ScoredContribution {
  readonly feature: string;
  readonly value: number | null;
  readonly typical: number | null;
  readonly usualRange: readonly [number | null, number | null];
  readonly direction: Side;
  readonly share: number | null;
}

/** The answer to a score call. */
export interface Score {
  readonly isAnomaly: boolean;
  /** Finite, in [0, 1]; 0 while nothing can be said. */
  readonly anomalyScore: number;
  readonly rawScore: number | null;
  readonly p: number | null;
  readonly severity: Severity | null;
  readonly contributions: readonly ScoredContribution[];
  /** Whose model answered. */
  readonly sensorId: string;
  /** Whether it is the observation of a row of the buffer, made when that row came. */
  readonly isBufferRow: boolean;
  /** Whether the model learned from this very call. */
  readonly learned: boolean;
  readonly isWarm: boolean;
  readonly observationsSeen: number;
  readonly observationsNeeded: number;
  readonly ignoredFeatures: readonly string[];
  readonly warnings: readonly Warning[];
}
