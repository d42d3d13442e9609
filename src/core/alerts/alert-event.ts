import type { Explanation } from "../detectors/detector.ts";
import type { Severity } from "./severity.ts";

/** The subject of alerts, by code and by name. Alert ids contain the names. */
export interface AlertSubject {
  readonly pipeline: string;
  readonly detectorName: string;
  /** Index of the detector in the plan. */
  readonly detector: number;
  readonly keyName: string;
  readonly key: number;
}

/** Why a message about an episode is sent. */
export type AlertStatus = "firing" | "escalated" | "repeated" | "resolved";

/** The worst anomalous reading of an episode so far. */
export interface Evidence {
  /** Event time, ms since epoch. */
  readonly timestamp: number;
  readonly rawScore: number;
  /** NaN when the detector has none. */
  readonly p: number;
  readonly anomalyScore: number;
  /** Numeric columns of the reading, in the order of the plan; NaN is missing. */
  readonly reading: Float64Array;
  /** Values of the detector's inputs, in its order. */
  readonly features: Float64Array;
  readonly explanation: Explanation;
}

/** Consecutive anomalous readings of one key under one detector. */
export interface Episode {
  /**
   * Deterministic: the same pipeline, detector, key and start give the same id. Late readings can cause
   * several episodes with the same start; their ids differ.
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
  /** Whether a message was sent for it; false: suppressed by the cooldown. */
  readonly notified: boolean;
  readonly peak: Evidence;
}

/** A decision to send a message about an episode. Sinks get it as a message. */
export interface AlertEvent {
  /** Deterministic: hash of episode, status and number. */
  readonly id: string;
  readonly status: AlertStatus;
  /** Event time at which it is sent: a reading's, or the deadline's, ms. */
  readonly timestamp: number;
  readonly severity: Severity;
  /** Severity in the previous message of the episode; null in the first. */
  readonly previousSeverity: Severity | null;
  /** Episodes suppressed by the cooldown since the last message of this detector and key. */
  readonly suppressed: number;
  /** The episode at the time of this message. */
  readonly episode: Episode;
}

/** Receives the decisions of an alert policy. */
export interface AlertListener {
  /** Takes an event, which becomes a message. */
  event(event: AlertEvent): void;
  /** Takes an ended episode, with or without messages. */
  episode(episode: Episode): void;
}
