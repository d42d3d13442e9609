import type { Explanation } from "../detectors/detector.ts";
import type { Severity } from "./severity.ts";

/** What alerts are about, by code and by name; names go into their ids. */
export interface AlertSubject {
  readonly pipeline: string;
  readonly detectorName: string;
  /** Index of the detector in the plan. */
  readonly detector: number;
  readonly keyName: string;
  readonly key: number;
}

/** What a message says about its episode. */
export type AlertStatus = "firing" | "escalated" | "repeated" | "resolved";

/** The anomalous reading that an alert points at: the worst one of its episode so far. */
export interface Evidence {
  /** Event time, ms since epoch. */
  readonly timestamp: number;
  readonly rawScore: number;
  /** NaN when the detector has none. */
  readonly p: number;
  readonly anomalyScore: number;
  /** Numeric columns of the reading, in the order of the plan; NaN is missing. */
  readonly reading: Float64Array;
  /** The detector's inputs, in its order. */
  readonly features: Float64Array;
  readonly explanation: Explanation;
}

/** A stretch of anomalous readings of one sensor as one detector sees it. */
export interface Episode {
  /**
   * Deterministic: the same pipeline, detector, key and start give the same id. Of episodes with the
   * same start, which late readings make possible, each has its own.
   */
  readonly id: string;
  /** Index of the detector in the plan. */
  readonly detector: number;
  readonly key: number;
  /** Event time of the first anomalous reading, ms. */
  readonly startedAt: number;
  /** Event time of the last anomalous reading so far, ms. */
  readonly lastAnomalyAt: number;
  /** When it was resolved, ms; NaN while it lasts. */
  readonly resolvedAt: number;
  /** Highest severity reached. */
  readonly severity: Severity;
  /** Anomalous readings. */
  readonly anomalies: number;
  /** Whether a message was sent for it; false: withheld by the cooldown. */
  readonly notified: boolean;
  readonly peak: Evidence;
}

/** One message about an episode. */
export interface AlertEvent {
  /** Deterministic: hash of episode, status and number. */
  readonly id: string;
  readonly status: AlertStatus;
  /** Event time at which it is sent: a reading's, or the deadline's, ms. */
  readonly timestamp: number;
  readonly severity: Severity;
  /** What the last message of the episode said; null in the first. */
  readonly previousSeverity: Severity | null;
  /** Episodes withheld by the cooldown since the last message of this detector and key. */
  readonly suppressed: number;
  /** The episode as it stands with this message. */
  readonly episode: Episode;
}

/** Where an alert policy puts what it decides. */
export interface AlertSink {
  /** A message is due. */
  message(event: AlertEvent): void;
  /** An episode has ended, whether or not anybody was told of it. */
  episode(episode: Episode): void;
}
