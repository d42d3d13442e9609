import type { ChalkInstance } from "chalk";
import type { LabelMetrics } from "../../../../../backtest/metrics/label-metrics.ts";
import { worst } from "../../../../../backtest/result/worst.ts";
import type { KeyTable } from "../../../../../core/key-table.ts";
import type { TimeDisplay } from "../../../../../core/timestamp/time-display.ts";
import { paintSeverity } from "../../../../render/color.ts";
import {
  formatCount,
  formatPercent,
  formatSpan,
  plural,
  shorten,
} from "../../../../render/format.ts";
import { plainTable } from "../../../../render/plain-table.ts";
import { ratio } from "./label-lines.ts";

/** Maximum number of missed events, and of false alerts, in a table; `--format json` has all. */
const MAX_LISTED = 10;
const MAX_NAME_WIDTH = 24;
const BOUNDARY = 0.5;
const THRESHOLD_HEAD = [
  "SCORE",
  "CONTAMINATION",
  "PRECISION",
  "RECALL",
  "F1",
  "FALSE RATE",
  "FOUND",
  "FALSE ALERTS",
];

/** Tables for a detector with labels: other thresholds, missed events, false alerts. */
export function labelTables(
  metrics: LabelMetrics,
  keys: KeyTable,
  color: ChalkInstance,
  times: TimeDisplay,
): readonly (readonly string[])[] {
  return [
    thresholdTable(metrics, color),
    missedTable(metrics, keys, color, times),
    falseTable(metrics, keys, color, times),
  ].filter(({ length }) => length > 0);
}

function thresholdTable({ detector, thresholds }: LabelMetrics, color: ChalkInstance): string[] {
  if (thresholds.every(({ recall }) => Number.isNaN(recall))) return [];
  const rows = thresholds.map((line) => {
    const cells = [
      line.threshold.toFixed(3),
      formatPercent(line.contamination),
      ratio(line.precision),
      ratio(line.recall),
      ratio(line.f1),
      formatPercent(line.falseAlarmRate),
      `${formatCount(line.found)} of ${formatCount(line.found + line.missed)}`,
      Number.isNaN(line.falseAlarms) ? "–" : formatCount(line.falseAlarms),
    ];
    return line.threshold === BOUNDARY ? cells.map((cell) => color.bold(cell)) : cells;
  });
  const numbers = THRESHOLD_HEAD.map((_, c) => c);
  return [
    `${shorten(detector, MAX_NAME_WIDTH)} at other thresholds (now ${BOUNDARY.toFixed(3)}):`,
    ...plainTable(THRESHOLD_HEAD, rows, color, numbers),
  ];
}

function missedTable(
  { detector, missedEvents }: LabelMetrics,
  keys: KeyTable,
  color: ChalkInstance,
  times: TimeDisplay,
): string[] {
  if (missedEvents.length === 0) return [];
  const shown = missedEvents.slice(0, MAX_LISTED);
  const rows = shown.map(({ key, startedAt, endedAt, peakScore }) => [
    times.text(startedAt),
    formatSpan(endedAt - startedAt),
    shorten(keys.name(key), MAX_NAME_WIDTH),
    peakScore.toFixed(3),
  ]);
  return [
    `${shorten(detector, MAX_NAME_WIDTH)} missed ${plural(missedEvents.length, "event")}:`,
    ...plainTable([`START (${times.name})`, "LASTED", "SENSOR", "PEAK"], rows, color, [3]),
    ...more(missedEvents.length - shown.length),
  ];
}

function falseTable(
  { detector, falseAlerts }: LabelMetrics,
  keys: KeyTable,
  color: ChalkInstance,
  times: TimeDisplay,
): string[] {
  if (falseAlerts.length === 0) return [];
  const shown = worst(falseAlerts, MAX_LISTED);
  const rows = shown.map(({ key, startedAt, lastAnomalyAt, severity, peak }) => [
    times.text(startedAt),
    formatSpan(lastAnomalyAt - startedAt),
    shorten(keys.name(key), MAX_NAME_WIDTH),
    paintSeverity(severity, color, severity),
    peak.anomalyScore.toFixed(3),
  ]);
  return [
    `${shorten(detector, MAX_NAME_WIDTH)} raised ${plural(falseAlerts.length, "false alert")}:`,
    ...plainTable(
      [`START (${times.name})`, "LASTED", "SENSOR", "SEVERITY", "PEAK"],
      rows,
      color,
      [4],
    ),
    ...more(falseAlerts.length - shown.length),
  ];
}

function more(hidden: number): string[] {
  return hidden > 0 ? [`and ${formatCount(hidden)} more: --format json has them`] : [];
}
