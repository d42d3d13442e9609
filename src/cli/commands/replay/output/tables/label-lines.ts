import type { LabelMetrics } from "../../../../../backtest/metrics/label-metrics.ts";
import { formatCount, formatPercent, formatSpan, plural } from "../../../../render/format.ts";

/** The quality of a detector against labels in two lines: by reading and by event. */
export function labelLines(metrics: LabelMetrics, label: string): string[] {
  return [
    `against "${label}" by reading: ${byReading(metrics)}`,
    `against "${label}" by event: ${byEvent(metrics)}`,
  ];
}

/** The quality by reading. */
export function byReading({ rows, ranking }: LabelMetrics): string {
  return [
    ...quality(rows),
    `AUC ${ratio(ranking.auc)}, average precision ${ratio(ranking.averagePrecision)}`,
    `false alarms on ${formatPercent(rows.falseAlarmRate)} of the normal readings`,
  ].join(" · ");
}

/** The quality by event, with false alerts. */
export function byEvent({ events, falseAlarms, falseAlarmsPerDay }: LabelMetrics): string {
  const labelled = events.found + events.missed;
  if (labelled === 0) {
    return events.unscored > 0
      ? `no result: ${plural(events.unscored, "labelled event")} inside the warm-up`
      : "no result: all labels are 0";
  }
  const perDay = Number.isNaN(falseAlarmsPerDay)
    ? ""
    : ` = ${falseAlarmsPerDay.toPrecision(2)} a day`;
  return [
    `${formatCount(events.told)} of ${plural(labelled, "event")} told, ${formatCount(events.found)} found anomalous, ${formatCount(events.missed)} missed`,
    ...(events.found === 0
      ? []
      : [
          `detected after ${formatSpan(events.medianDelayMs)} (median), ${formatSpan(events.longestDelayMs)} (worst)`,
        ]),
    `${plural(falseAlarms, "false alert")}${perDay}`,
    ...quality(events),
  ].join(" · ");
}

function quality({ precision, recall, f1 }: Record<"precision" | "recall" | "f1", number>) {
  return [`precision ${ratio(precision)}`, `recall ${ratio(recall)}`, `F1 ${ratio(f1)}`];
}

/** A share with three decimals; NaN is a dash. */
export function ratio(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(3);
}
