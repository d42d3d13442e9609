import type { ChalkInstance } from "chalk";
import type { LabelMetrics } from "../../report/label-metrics.ts";
import { formatCount, formatPercent, formatSpan, plural } from "./format.ts";

/** Two lines on what labels say about a detector: by reading, and by event. */
export function labelLines(metrics: LabelMetrics, label: string, color: ChalkInstance): string[] {
  const { rows, events } = metrics;
  const of = `${color.bold(metrics.detector)} against ${label}`;
  const byRow =
    `${of}, by reading: precision ${ratio(rows.precision)}, recall ${ratio(rows.recall)}, ` +
    `F1 ${ratio(rows.f1)}, false alarms on ${formatPercent(rows.falseAlarmRate)} of normal readings`;
  const labelled = events.found + events.missed;
  if (labelled === 0) {
    const unscored = events.unscored > 0 ? `: all ${events.unscored} lie inside the warm-up` : "";
    return [byRow, `${of}, by event: no labelled event was scored${unscored}`];
  }
  const delay = Number.isNaN(events.medianDelayMs)
    ? ""
    : ` after ${formatSpan(events.medianDelayMs)} (median; worst ${formatSpan(events.longestDelayMs)})`;
  const falseAlarms = Number.isNaN(metrics.falseAlarmsPerDay)
    ? plural(metrics.falseAlarms, "false alert")
    : `${plural(metrics.falseAlarms, "false alert")} = ${metrics.falseAlarmsPerDay.toPrecision(2)} a day`;
  const byEvent =
    `${of}, by event: ${formatCount(events.found)} of ${plural(labelled, "event")} found${delay}, ` +
    `${formatCount(events.missed)} missed, ${falseAlarms}, precision ${ratio(events.precision)}, ` +
    `recall ${ratio(events.recall)}, F1 ${ratio(events.f1)}`;
  return [byRow, byEvent];
}

function ratio(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(3);
}
