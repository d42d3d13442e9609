import type { Episode } from "../../core/alerts/alert-event.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import type { DetectorAlgorithm } from "../../core/detectors/registry.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";
import type { ScoreSeries } from "../thinning/score-series.ts";

/** How often a detector alarmed. */
export interface DetectorTotals {
  readonly name: string;
  readonly algorithm: DetectorAlgorithm;
  /** Readings that got a verdict. */
  readonly scored: number;
  /** Readings above the alarm boundary. */
  readonly anomalies: number;
  /** Episodes, also those withheld by the cooldown. */
  readonly episodes: number;
  /** Expected share of anomalies; null for detectors without one. */
  readonly contamination: number | null;
  /** Observations before the first score. */
  readonly warmupPeriod: number;
}

/** One sensor over the whole run. */
export interface SensorTotals {
  readonly key: number;
  readonly name: string;
  readonly readings: number;
  /** Readings that any detector found anomalous. */
  readonly anomalies: number;
  readonly alerts: number;
  /** Largest anomaly score of any detector over time. */
  readonly series: ScoreSeries;
}

/** What a backtest found, all in event time. */
export interface BacktestResult {
  /** Readings that went through the engine. */
  readonly readings: number;
  /** Readings of the reported span: all, unless `from` was given. */
  readonly reported: number;
  /** Event time of the first and the last reported reading, ms; NaN without any. */
  readonly from: number;
  readonly to: number;
  readonly outOfOrder: number;
  /**
   * Episodes in order of their start; those still going on have no end. All that somebody would have
   * been told of, and those withheld by the cooldown as far as they were asked for.
   */
  readonly episodes: readonly Episode[];
  readonly messages: number;
  /** Episodes somebody would have been told of, by highest severity. */
  readonly alerts: Readonly<Record<Severity, number>>;
  /** Episodes withheld by the cooldown. */
  readonly suppressed: number;
  readonly detectors: readonly DetectorTotals[];
  readonly sensors: readonly SensorTotals[];
  /** One per detector, when the input has labels. */
  readonly labels: readonly LabelMetrics[];
}
