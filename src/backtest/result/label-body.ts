import type { KeyTable } from "../../core/key-table.ts";
import type { LabelMetrics } from "../metrics/label-metrics.ts";

/** How right a detector was, as JSON. */
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
      precision: finite(rows.precision),
      recall: finite(rows.recall),
      f1: finite(rows.f1),
      false_alarm_rate: finite(rows.falseAlarmRate),
      auc: finite(ranking.auc),
      average_precision: finite(ranking.averagePrecision),
    },
    by_event: {
      found: events.found,
      missed: events.missed,
      unscored: events.unscored,
      false_alarms: falseAlarms,
      false_alarms_per_day: finite(falseAlarmsPerDay),
      precision: finite(events.precision),
      recall: finite(events.recall),
      f1: finite(events.f1),
      median_delay_ms: finite(events.medianDelayMs),
      longest_delay_ms: finite(events.longestDelayMs),
    },
  };
}

/** All that labels say about a detector, as JSON; times in ISO 8601 UTC. */
export function labelBody(metrics: LabelMetrics, keys: KeyTable): Record<string, unknown> {
  return {
    ...labelNumbers(metrics),
    missed_events: metrics.missedEvents.map(({ key, startedAt, endedAt, peakScore, peakAt }) => ({
      sensor_id: keys.name(key),
      started_at: iso(startedAt),
      ended_at: iso(endedAt),
      peak_at: iso(peakAt),
      peak_anomaly_score: peakScore,
    })),
    false_alerts: metrics.falseAlerts.map(
      ({ id, key, startedAt, lastAnomalyAt, severity, peak }) => ({
        id,
        sensor_id: keys.name(key),
        severity,
        started_at: iso(startedAt),
        last_anomaly_at: iso(lastAnomalyAt),
        peak_at: iso(peak.timestamp),
        peak_anomaly_score: peak.anomalyScore,
      }),
    ),
    thresholds: metrics.thresholds.map((line) => ({
      threshold: line.threshold,
      contamination: line.contamination,
      precision: finite(line.precision),
      recall: finite(line.recall),
      f1: finite(line.f1),
      false_alarm_rate: finite(line.falseAlarmRate),
      found: line.found,
      missed: line.missed,
      false_alarms: finite(line.falseAlarms),
    })),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
