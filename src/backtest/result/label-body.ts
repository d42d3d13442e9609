import type { KeyTable } from "../../core/key-table.ts";
import type { DetectionRates } from "../metrics/detection-rates.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";
import { finiteOrNull, isoOrNull } from "./json-values.ts";

/** A detector's label metrics as JSON, without lists. */
export function labelNumbers(metrics: LabelMetrics): Record<string, unknown> {
  const { detector, rows, events, ranking, falseAlarms, falseAlarmsPerDay } = metrics;
  return {
    detector,
    by_reading: {
      true_positives: rows.truePositives,
      false_positives: rows.falsePositives,
      false_negatives: rows.falseNegatives,
      true_negatives: rows.trueNegatives,
      unscored: rows.unscored,
      ...ratesBody(rows),
      auc: finiteOrNull(ranking.auc),
      average_precision: finiteOrNull(ranking.averagePrecision),
    },
    by_event: {
      told: events.told,
      found: events.found,
      missed: events.missed,
      unscored: events.unscored,
      false_alarms: falseAlarms,
      false_alarms_per_day: finiteOrNull(falseAlarmsPerDay),
      precision: finiteOrNull(events.precision),
      recall: finiteOrNull(events.recall),
      f1: finiteOrNull(events.f1),
      median_delay_ms: finiteOrNull(events.medianDelayMs),
      longest_delay_ms: finiteOrNull(events.longestDelayMs),
    },
  };
}

/** A detector's label metrics as JSON, with all lists; times in ISO 8601 UTC. */
export function labelBody(metrics: LabelMetrics, keys: KeyTable): Record<string, unknown> {
  return {
    ...labelNumbers(metrics),
    missed_events: metrics.missedEvents.map(({ key, startedAt, endedAt, peakScore, peakAt }) => ({
      sensor_id: keys.name(key),
      started_at: isoOrNull(startedAt),
      ended_at: isoOrNull(endedAt),
      peak_at: isoOrNull(peakAt),
      peak_anomaly_score: peakScore,
    })),
    false_alerts: metrics.falseAlerts.map(
      ({ id, key, startedAt, lastAnomalyAt, severity, peak }) => ({
        id,
        sensor_id: keys.name(key),
        severity,
        started_at: isoOrNull(startedAt),
        last_anomaly_at: isoOrNull(lastAnomalyAt),
        peak_at: isoOrNull(peak.timestamp),
        peak_anomaly_score: peak.anomalyScore,
      }),
    ),
    thresholds: metrics.thresholds.map((line) => ({
      threshold: line.threshold,
      contamination: line.contamination,
      ...ratesBody(line),
      found: line.found,
      missed: line.missed,
      false_alarms: finiteOrNull(line.falseAlarms),
    })),
  };
}

function ratesBody(rates: DetectionRates): Record<string, unknown> {
  return {
    precision: finiteOrNull(rates.precision),
    recall: finiteOrNull(rates.recall),
    f1: finiteOrNull(rates.f1),
    false_alarm_rate: finiteOrNull(rates.falseAlarmRate),
  };
}
