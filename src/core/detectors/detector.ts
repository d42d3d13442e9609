/**
 * What every detector offers the engine: one state per key, fed row by row from columns.
 *
 * @module
 */
import type { StateReader, StateWriter } from "../state-codec.ts";

/** Scores of consecutive rows, a column each; written by {@link Detector.observe}. */
export interface ScoreColumns {
  /** Detector's own unit (nats for ECOD); NaN: not scored, or the detector has none. */
  readonly rawScore: Float64Array;
  /** Tail probability in (0, 1]; NaN: not scored, or the detector has none. */
  readonly p: Float64Array;
  /** [0, 1], 0.5 at the alarm boundary; a rule says 0 or 1. 0 when not scored. */
  readonly anomalyScore: Float64Array;
  /** 1 or 0; {@link UNSCORED} where there is no verdict, which is neither. */
  readonly isAnomaly: Uint8Array;
}

/** In {@link ScoreColumns.isAnomaly}: the row was not scored. */
export const UNSCORED = 2;

/** On which side of the reference a value lies. */
export type Side = "low" | "high";

/** What one feature had to do with a score. */
export interface Contribution {
  /** Index into the detector's inputs. */
  readonly input: number;
  readonly value: number;
  /** Median of the reference, in the feature's unit; NaN: the detector knows none. */
  readonly typical: number;
  /** 5 % and 95 % quantile of the reference; NaN: the detector knows none. */
  readonly low: number;
  readonly high: number;
  /** Null: the detector does not tell sides. */
  readonly side: Side | null;
  /** Part of the score, with what novelty added for it, in [0, 1]; NaN: there is no score. */
  readonly share: number;
}

/** Why a row was scored as it was. */
export interface Explanation {
  /** Largest first, at most a handful; their shares add up to at most 1. */
  readonly contributions: readonly Contribution[];
  /** Inputs that entered a region never visited before. */
  readonly novel: readonly number[];
  /** What a rule found, as a phrase: `temperature > 40`; null for detectors that score. */
  readonly rule: string | null;
  /** Raw score at the alarm boundary when the row came: above it is anomalous. NaN: there is none. */
  readonly threshold: number;
}

/** A named piece of state that is saved and restored by itself. */
export interface StatePart {
  readonly name: string;
  /** Differs from an earlier one's when the part has changed since, and so must be saved again. */
  readonly version: number;
  save(writer: StateWriter): void;
  /** @throws {RangeError} If what was saved has another shape. */
  load(reader: StateReader): void;
}

/** The state of one detector for one key. Synchronous and deterministic. */
export interface Detector {
  readonly observationsSeen: number;
  /** Observations before the first score. */
  readonly warmupPeriod: number;
  /** Bytes held now. */
  readonly bytes: number;
  /** The state as it is now, in pieces that change at different speeds. */
  parts(): readonly StatePart[];
  /**
   * Scores row `row` of the inputs against what was learned from earlier rows, then learns it.
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
   * A detector in the same state for a single observation that is not kept: it borrows what is large, so
   * this one must not change meanwhile. Only where a whole copy costs much.
   */
  copyForScoring?(): Detector;
  /** Explains the row that was observed last. Allocates: call it for alerts only. */
  explain(inputs: readonly Float64Array[], row: number): Explanation;
}

/**
 * The state of a detector for one key that looks at when readings come, not at what they say: it gives
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
  /** Whether the key is missed now. */
  readonly absent: boolean;
  /** Event time at which the key will be missed, ms; NaN before its first reading and while it is. */
  readonly deadline: number;
  /** The state as it is now. */
  parts(): readonly StatePart[];
  /** Takes a reading at event time `time`, ms. The key is then not missed. */
  see(inputs: readonly Float64Array[], row: number, time: number): void;
  /**
   * From event time `from` up to `to`, ms, nobody watched: without a reading since `from`, that does not count as
   * silence. What was excused before is not once more.
   */
  excuse(from: number, to: number): void;
  /** The {@link deadline} has passed. */
  miss(): void;
  /** Explains why the key is missed. Allocates. */
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

/** Says of a row that it was not scored. */
export function markUnscored(scores: ScoreColumns, row: number): void {
  scores.rawScore[row] = Number.NaN;
  scores.p[row] = Number.NaN;
  scores.anomalyScore[row] = 0;
  scores.isAnomaly[row] = UNSCORED;
}

/** Whether there is a verdict on a row. */
export function isScored(scores: ScoreColumns, row: number): boolean {
  return scores.isAnomaly[row] !== UNSCORED;
}
