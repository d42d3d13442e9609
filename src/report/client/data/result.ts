/**
 * The result of a run, as far as the report shows it.
 *
 * @module
 */

/** One detector's totals. */
interface DetectorResult {
  readonly name: string;
  readonly algorithm: string;
  readonly scored: number;
  readonly anomalies: number;
  readonly episodes: number;
  readonly alarm_rate: number | null;
  readonly contamination: number | null;
  readonly budget_per_week: number | null;
  /** For each sensor. */
  readonly alerts_per_week: number | null;
  readonly warmup_period: number;
}

/** Label metrics of one detector. */
export interface LabelResult {
  readonly detector: string;
  readonly by_reading: Readonly<Record<string, number | null>>;
  readonly by_event: Readonly<Record<string, number | null>>;
  readonly missed_events: readonly {
    readonly sensor_id: string;
    readonly started_at: string;
    readonly ended_at: string;
    readonly peak_anomaly_score: number;
  }[];
  readonly thresholds: readonly Readonly<Record<string, number | null>>[];
}

/** The result of a run. */
export interface Result {
  readonly pipeline: string;
  readonly inputs: readonly string[];
  readonly stopped: boolean;
  readonly readings: number;
  readonly reported: number;
  readonly rejected: number;
  readonly reject_reasons: Readonly<Record<string, number>>;
  readonly out_of_order: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly alerts: Readonly<Record<"info" | "warning" | "critical", number>>;
  readonly withheld: number;
  readonly messages: number;
  readonly detectors: readonly DetectorResult[];
  readonly labels: readonly LabelResult[];
}
