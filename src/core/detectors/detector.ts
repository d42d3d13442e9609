/**
 * The interface between engine and detectors: one state per key, which reads rows from columns.
 *
 * @module
 */
import type { StateReader, StateWriter } from "../state-codec.ts";

/** Scores of consecutive rows as columns. {@link Detector.observe} writes them. */
export interface ScoreColumns {
  /** Detector's own unit (nats for ECOD); NaN: not scored, or the detector has no raw score. */
  readonly rawScore: Float64Array;
  /** Tail probability in (0, 1]; NaN: not scored, or the detector has none. */
  readonly p: Float64Array;
  /** [0, 1], 0.5 at the alarm boundary; 0 or 1 for a rule. 0 when not scored. */
  readonly anomalyScore: Float64Array;
  /** 1 or 0; {@link UNSCORED}: no verdict. */
  readonly isAnomaly: Uint8Array;
}

/** In {@link ScoreColumns.isAnomaly}: the row was not scored. */
export const UNSCORED = 2;

/** On which side of the reference a value lies. */
export type Side = "low" | "high";

/** The part of one feature in a score. */
export interface Contribution {
  /** Index into the detector's inputs. */
  readonly input: number;
  readonly value: number;
  /** Median of the reference, in the feature's unit; NaN: the detector has no reference. */
  readonly typical: number;
  /** 5 % and 95 % quantile of the reference; NaN: the detector has no reference. */
  readonly low: number;
  readonly high: number;
  /** Null: the detector does not distinguish sides. */
  readonly side: Side | null;
  /** Part of the score, its novelty included, in [0, 1]; NaN: there is no score. */
  readonly share: number;
}

/** Why a row was scored as it was. */
export interface Explanation {
  /** Largest first, at most five; the sum of their shares is at most 1. */
  readonly contributions: readonly Contribution[];
  /** Inputs that entered a region never visited before. */
  readonly novel: readonly number[];
  /** The rule that was met, as a phrase: `temperature > 40`; null for detectors that score. */
  readonly rule: string | null;
  /** Raw score at the alarm boundary for this row: above it is anomalous. NaN: there is none. */
  readonly threshold: number;
}

/** A named part of the state that is saved and restored separately. */
export interface StatePart {
  readonly name: string;
  /** Changes with the part; a part whose version has changed must be saved again. */
  readonly version: number;
  save(writer: StateWriter): void;
  /** @throws {RangeError} If the saved part has another shape. */
  load(reader: StateReader): void;
}

/** The state of one detector for one key. Synchronous and deterministic. */
export interface Detector {
  readonly observationsSeen: number;
  /** Observations before the first score. */
  readonly warmupPeriod: number;
  /** Bytes held now. */
  readonly bytes: number;
  /**
   * The current state, in parts that change at different rates. The largest version of a detector that learns is
   * {@link observationsSeen}.
   */
  parts(): readonly StatePart[];
  /**
   * Scores row `row` of the inputs with the model of earlier rows, then learns it.
   *
   * @param inputs One column per feature; NaN and infinities are missing.
   * @param out Receives the scores at the same `row`.
   * @param times Event time of each row, ms; never goes back.
   */
  observe(
    inputs: readonly Float64Array[],
    row: number,
    out: ScoreColumns,
    times: Float64Array,
  ): void;
  /**
   * A detector in the same state, to score one observation without learning. It shares large windows with
   * this one, which must not change meanwhile. Only for detectors that are expensive to copy.
   */
  copyForScoring?(): Detector;
  /**
   * Raw score from which rows are at most as probable as `p`, as things stand. Only for detectors with a tail probability.
   */
  boundary?(p: number): number;
  /** Explains the newest observed row. Allocates: call it for alerts only. */
  explain(inputs: readonly Float64Array[], row: number): Explanation;
}

/**
 * The state, for one key, of a detector that watches the times of readings instead of their values. It gives
 * no scores, and alarms when time passes. Synchronous and deterministic.
 */
export interface AbsenceDetector {
  readonly observationsSeen: number;
  /** Bytes held now. */
  readonly bytes: number;
  /** Event time of the newest reading, ms; NaN before the first. */
  readonly lastSeen: number;
  /** A copy of the newest reading, in the order of the inputs. */
  readonly lastReading: Float64Array;
  /** Whether the key is missing now. */
  readonly absent: boolean;
  /** Event time at which the key will be missing, ms; NaN before its first reading and while it is missing. */
  readonly deadline: number;
  /** The current state. */
  parts(): readonly StatePart[];
  /** Takes a reading at event time `time`, ms. The key is then no longer missing. */
  see(inputs: readonly Float64Array[], row: number, time: number): void;
  /**
   * Excludes the event time from `from` to `to`, ms, from the silence of a key without a reading since
   * `from`, because nothing was received then. Excusing the same interval twice has no effect.
   */
  excuse(from: number, to: number): void;
  /** The clock of the key was set: moves its times by `ms`. */
  shift(ms: number): void;
  /** Marks the key as absent: the {@link deadline} has passed. */
  miss(): void;
  /** Explains why the key is missing. Allocates. */
  explain(): Explanation;
}

/** A detector of one key, of either kind. */
export type KeyDetector = Detector | AbsenceDetector;

/** Score columns for `rows` rows. */
export function createScoreColumns(rows: number): ScoreColumns {
  return {
    rawScore: new Float64Array(rows),
    p: new Float64Array(rows),
    anomalyScore: new Float64Array(rows),
    isAnomaly: new Uint8Array(rows),
  };
}

/** Marks a row as not scored. */
export function markUnscored(scores: ScoreColumns, row: number): void {
  scores.rawScore[row] = Number.NaN;
  scores.p[row] = Number.NaN;
  scores.anomalyScore[row] = 0;
  scores.isAnomaly[row] = UNSCORED;
}

/** Whether a row has a verdict. */
export function isScored(scores: ScoreColumns, row: number): boolean {
  return scores.isAnomaly[row] !== UNSCORED;
}
