import type { Episode } from "../../core/alerts/alert-event.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import type { DetectorAlgorithm } from "../../core/detectors/registry.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";
import type { ScoreSeries } from "../thinning/score-series.ts";

/** Totals of one detector. */
export interface DetectorTotals {
  readonly name: string;
  readonly algorithm: DetectorAlgorithm;
  /** Scored readings. */
  readonly scored: number;
  /** Readings above the alarm boundary. */
  readonly anomalies: number;
  /** Episodes, suppressed ones included. */
  readonly episodes: number;
  /** Episodes with a message. */
  readonly alerts: number;
  /** Alerts per week and sensor; NaN for an empty time span. */
  readonly alertsPerWeek: number;
  /** Expected share of anomalies; null for detectors without one. */
  readonly contamination: number | null;
  /** Alerts a week that a healthy sensor may cause; null: there is no budget. */
  readonly budget: number | null;
  /** Observations before the first score. */
  readonly warmupPeriod: number;
}

/** Totals of one sensor. */
export interface SensorTotals {
  readonly key: number;
  readonly name: string;
  readonly readings: number;
  /** Readings that are anomalous for any detector. */
  readonly anomalies: number;
  readonly alerts: number;
  /** Largest anomaly score of all detectors over time. */
  readonly series: ScoreSeries;
}

/** The result of a backtest, in event time. */
export interface BacktestResult {
  /** Readings that the engine processed. */
  readonly readings: number;
  /** Readings in the reported span; all of them without `from`. */
  readonly reported: number;
  /** Event time of the first and the last reported reading, ms; NaN without any. */
  readonly from: number;
  readonly to: number;
  readonly outOfOrder: number;
  /**
   * Episodes by start; open ones have no end. Has all notified episodes, and the suppressed ones that
   * `keepSuppressed` selects.
   */
  readonly episodes: readonly Episode[];
  readonly messages: number;
  /** Notified episodes by their highest severity. */
  readonly alerts: Readonly<Record<Severity, number>>;
  /** Episodes suppressed by the cooldown. */
  readonly suppressed: number;
  readonly detectors: readonly DetectorTotals[];
  readonly sensors: readonly SensorTotals[];
  /** One per detector; empty without labels. */
  readonly labels: readonly LabelMetrics[];
}
