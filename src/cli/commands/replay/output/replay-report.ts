import type { ChalkInstance } from "chalk";
import type { LabelMetrics } from "../../../../backtest/metrics/label-metrics.ts";
import { advise } from "../../../../backtest/result/advice.ts";
import type { BacktestResult } from "../../../../backtest/result/backtest-result.ts";
import { worst } from "../../../../backtest/result/worst.ts";
import type { ColumnSummary } from "../../../../buffer/column-summary.ts";
import { scoresReadings } from "../../../../core/detectors/registry.ts";
import {
  formatBytes,
  formatCount,
  plural,
  printable,
  significant,
} from "../../../render/format.ts";
import { plainTable } from "../../../render/plain-table.ts";
import { wrapText } from "../../../render/wrap-text.ts";
import type { ReplayOptions } from "../options.ts";
import type { RecordingOutcome } from "../run/replay-recording.ts";
import { alertLine, detectorLine, readLine, volumeLine } from "./replay-summary.ts";
import { alertTable } from "./tables/alert-table.ts";
import { labelLines } from "./tables/label-lines.ts";
import { labelTables } from "./tables/label-tables.ts";
import { sensorTable } from "./tables/sensor-table.ts";

/** Settings of the report. */
export interface ReplayView {
  readonly options: ReplayOptions;
  readonly color: ChalkInstance;
  /** Columns of the terminal; Infinity: no terminal. */
  readonly width: number;
}

/** The report of a replay for a terminal: the input, the alerts, and their quality. */
export function renderReplay(outcome: RecordingOutcome, view: ReplayView): string {
  const { readings, pipeline, result, read, buffer, keys, shownTimes } = outcome;
  const { color, width } = view;
  const wrap = (text: string): string => wrapText(text, width, "  ");
  const { plan } = pipeline;
  const advice = advise({ plan, result, keys, buffer });
  const title = printable(readings.labels.join(" + "));
  const columns = view.options.verbose ? buffer.describe() : [];
  const blocks: readonly (readonly string[])[] = [
    [color.bold(title), wrap(readLine(result, read, color, shownTimes))],
    alertBlock(outcome, view),
    sensorTable(result.sensors, color, width),
    result.reported === 0 ? [] : detectorBlock(outcome, color).map(wrap),
    ...labelBlocks(outcome, color),
    advice.map((text) => color.yellow(wrapText(text, width))),
    columns.length > 0 ? [...columnTable(columns, color), memoryLine(outcome)] : [],
    result.reported === 0 ? [] : volumeBlock(outcome, color).map(wrap),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function alertBlock(
  { pipeline: { plan }, keys, result, shownTimes: times }: RecordingOutcome,
  { options: { top }, color, width }: ReplayView,
): string[] {
  const notified = result.episodes.filter(({ notified }) => notified);
  const shown = worst(notified, top === 0 ? notified.length : top);
  const lines = [wrapText(alertLine(result, color), width, "  ")];
  if (shown.length > 0) {
    lines.push(alertTable(shown, { plan, keys, end: result.to, times, color, width }));
  }
  if (shown.length < notified.length) {
    const hidden = plural(notified.length - shown.length, "less severe alert");
    lines.push(`${hidden} not shown: --top 0 shows all, --format json has them`);
  }
  return lines;
}

function detectorBlock({ result, label }: RecordingOutcome, color: ChalkInstance): string[] {
  return result.detectors.flatMap((totals, d) => {
    const metrics = metricsOf(result, d);
    const quality = metrics ? labelLines(metrics, printable(label ?? "")) : [];
    return [detectorLine(totals, color), ...quality.map((line) => `  ${line}`)];
  });
}

function volumeBlock({ result }: RecordingOutcome, color: ChalkInstance): string[] {
  return result.detectors.map((totals, d) => volumeLine(totals, metricsOf(result, d), color));
}

function labelBlocks(
  { result, keys, shownTimes }: RecordingOutcome,
  color: ChalkInstance,
): readonly (readonly string[])[] {
  if (result.reported === 0) return [];
  return result.detectors.flatMap((_, d) => {
    const metrics = metricsOf(result, d);
    return metrics === undefined ? [] : labelTables(metrics, keys, color, shownTimes);
  });
}

/** Metrics of a detector; undefined without labels, and for detectors that give readings no verdict. */
function metricsOf({ detectors, labels }: BacktestResult, d: number): LabelMetrics | undefined {
  const totals = detectors[d];
  return totals !== undefined && scoresReadings(totals) ? labels[d] : undefined;
}

function memoryLine({ bytes, result }: RecordingOutcome): string {
  const each = formatBytes(bytes / Math.max(1, result.sensors.length));
  return `Windows and models held ${formatBytes(bytes)} at the end, ${each} per sensor`;
}

const HEAD = ["COLUMN", "COUNT", "NULLS", "MEAN", "STD", "MIN", "25 %", "MEDIAN", "75 %", "MAX"];

/** Statistics of the numeric columns, one row each. */
function columnTable(columns: readonly ColumnSummary[], color: ChalkInstance): string[] {
  const rows = columns.map(({ column, count, nulls, mean, std, min, q25, median, q75, max }) => [
    printable(column),
    formatCount(count),
    formatCount(nulls),
    ...[mean, std, min, q25, median, q75, max].map((value) =>
      value === null ? "–" : significant(value),
    ),
  ]);
  const numbers = HEAD.map((_, c) => c).slice(1);
  return plainTable(HEAD, rows, color, numbers);
}
