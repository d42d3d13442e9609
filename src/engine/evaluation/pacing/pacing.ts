import type { AlertListener, Evidence } from "../../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../../core/alerts/alert-policy.ts";
import type { Detector, ScoreColumns } from "../../../core/detectors/detector.ts";
import type { StateReader, StateWriter } from "../../../core/state-codec.ts";

/** Adapts the alerts of a detector that learns to the interval between the readings of a key. */
export interface Pacing {
  /** Name of its part of the state. */
  readonly name: string;
  /** Bytes of memory. */
  readonly bytes: number;
  /**
   * Takes the reading `i`, which has at least one value. May replace its anomaly score and verdict.
   *
   * @param times Event times on a clock that was never set, ms.
   */
  take(scores: ScoreColumns, times: Float64Array, i: number): void;
  /**
   * Takes a scored reading `i` without a value: only features of several readings have one.
   *
   * @returns Whether the alert policy sees it.
   */
  pass(scores: ScoreColumns, i: number): boolean;
  /** Passes the reading taken last on to the policy: it is scored and not anomalous. */
  normal(timestamp: number, policy: AlertPolicy, listener: AlertListener): void;
  /** Whether {@link remember} wants the evidence of the reading taken last. */
  readonly remembers: boolean;
  /** Takes the evidence of the reading taken last. */
  remember(evidence: Evidence): void;
  /** The evidence of an anomaly, of which the reading taken last is part; null: that of the reading itself. */
  evidence(anomalyScore: number): Evidence | null;
  /** When the anomaly began of which the reading taken last is part, event time in ms. */
  since(timestamp: number): number;
  /** The clock of the key was set: moves all event times by `ms`. */
  shift(ms: number): void;
  /** Raw score from which the reading taken last would have been anomalous by itself; NaN: the detector knows. */
  threshold(detector: Detector): number;
  save(writer: StateWriter): void;
  /** @throws {RangeError} If the bytes do not fit. */
  load(reader: StateReader): void;
}
