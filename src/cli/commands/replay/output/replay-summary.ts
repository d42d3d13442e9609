import type { ChalkInstance } from "chalk";
import type { LabelMetrics } from "../../../../backtest/metrics/label-metrics.ts";
import type {
  BacktestResult,
  DetectorTotals,
} from "../../../../backtest/result/backtest-result.ts";
import type { ReadBody } from "../../../../backtest/result/result-body.ts";
import type { Episode } from "../../../../core/alerts/alert-event.ts";
import { SEVERITIES } from "../../../../core/alerts/severity.ts";
import { scoresReadings } from "../../../../core/detectors/registry.ts";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { formatAlertRate } from "../../../../core/units/alert-rate.ts";
import { paintSeverity } from "../../../render/color.ts";
import {
  formatCount,
  formatPercent,
  formatSpan,
  plural,
  printable,
} from "../../../render/format.ts";

/** A line about the input: readings, sensors, time span, rejects. */
export function readLine(
  result: BacktestResult,
  { rejected, rejectReasons, stopped }: ReadBody,
  color: ChalkInstance,
  times: TimeDisplay,
): string {
  const parts = [plural(result.readings, "reading")];
  if (stopped) parts.push(color.yellow("stopped before the end"));
  if (result.sensors.length > 0) parts.push(plural(result.sensors.length, "sensor"));
  if (!Number.isNaN(result.from)) {
    const span = formatSpan(result.to - result.from);
    parts.push(`${times.text(result.from)} to ${times.text(result.to)} (${span})`);
  }
  if (result.reported < result.readings) {
    parts.push(
      `${formatCount(result.readings - result.reported)} before --from, used only for warm-up`,
    );
  }
  const causes = Object.entries(rejectReasons)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`)
    .join(", ");
  parts.push(
    rejected === 0 ? "0 rejected" : color.yellow(`${formatCount(rejected)} rejected (${causes})`),
  );
  if (result.outOfOrder > 0) parts.push(`${formatCount(result.outOfOrder)} out of order`);
  return parts.join(" · ");
}

/** A line about the alerts: counts by severity, of suppressed episodes, and of open alerts. */
export function alertLine(result: BacktestResult, color: ChalkInstance): string {
  const notified = result.episodes.filter(({ notified }) => notified);
  if (result.readings === 0) return "Nothing to report: there were no readings.";
  if (result.reported === 0) return "Nothing to report: every reading is before --from.";
  if (notified.length === 0) return "No alerts.";
  const severities = SEVERITIES.filter((severity) => result.alerts[severity] > 0)
    .reverse()
    .map((severity) =>
      paintSeverity(severity, color, `${formatCount(result.alerts[severity])} ${severity}`),
    );
  const parts = [`${plural(notified.length, "alert")}: ${severities.join(", ")}`];
  if (result.suppressed > 0) {
    parts.push(`${plural(result.suppressed, "further episode")} suppressed by the cooldown`);
  }
  const open = notified.filter(isOpen).length;
  if (open > 0) parts.push(`${formatCount(open)} still open at the end (→)`);
  return parts.join(" · ");
}

/** A line about a detector: its alarm rate, and its contamination if it has one. */
export function detectorLine(totals: DetectorTotals, color: ChalkInstance): string {
  const name = color.bold(printable(totals.name));
  if (!scoresReadings(totals)) return `${name}: ${plural(totals.episodes, "silence")}`;
  if (totals.scored === 0) {
    const why =
      totals.warmupPeriod > 0
        ? `the warm-up takes ${formatCount(totals.warmupPeriod)} readings per sensor`
        : "every reading lacks a value that it needs";
    return `${name}: nothing scored, ${why}`;
  }
  const realised = formatPercent(totals.anomalies / totals.scored);
  const expected =
    totals.contamination === null ? "" : ` (contamination ${formatPercent(totals.contamination)})`;
  const scored = plural(totals.scored, "reading");
  return `${name}: ${scored} scored, ${formatCount(totals.anomalies)} anomalous = ${realised}${expected}`;
}

/**
 * A line about what a detector told: its alerts a week and sensor next to its budget, and with labels how many of them are
 * right.
 */
export function volumeLine(
  { name, alerts, alertsPerWeek, budget }: DetectorTotals,
  labels: LabelMetrics | undefined,
  color: ChalkInstance,
): string {
  const rate = Number.isNaN(alertsPerWeek)
    ? ""
    : ` = ${alertsPerWeek.toPrecision(2)} a week per sensor`;
  const allowed = budget === null ? "" : ` (budget ${formatAlertRate(budget)})`;
  const parts = [`${color.bold(printable(name))}: ${plural(alerts, "alert")}${rate}${allowed}`];
  if (labels !== undefined) {
    const { told, found, missed } = labels.events;
    parts.push(
      `${formatCount(alerts - labels.falseAlarms)} of them at labelled events`,
      `${formatCount(told)} of ${plural(found + missed, "labelled event")} told`,
    );
  }
  return parts.join(" · ");
}

function isOpen(episode: Episode): boolean {
  return Number.isNaN(episode.resolvedAt);
}
