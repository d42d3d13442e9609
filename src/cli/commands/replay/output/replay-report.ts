import type { ChalkInstance } from "chalk";
import type { LabelMetrics } from "../../../../backtest/metrics/label-metrics.ts";
import { adviseFrozen } from "../../../../backtest/result/advice.ts";
import type { BacktestResult } from "../../../../backtest/result/backtest-result.ts";
import { worst } from "../../../../backtest/result/worst.ts";
import type { ColumnSummary } from "../../../../buffer/column-summary.ts";
import { scoresReadings } from "../../../../core/detectors/registry.ts";
import type { KeyTable } from "../../../../core/key-table.ts";
import type { EnginePlan } from "../../../../engine/plan.ts";
import { formatBytes, plural, printable } from "../../../render/format.ts";
import { wrapText } from "../../../render/wrap-text.ts";
import { alertTable } from "./alert-table.ts";
import { columnTable } from "./column-table.ts";
import { labelLines } from "./label-lines.ts";
import { labelTables } from "./label-tables.ts";
import { alertLine, detectorLine, type ReadCounts, readLine } from "./replay-summary.ts";
import { sensorTable } from "./sensor-table.ts";

/** Everything a person is shown of a replay. */
export interface ReplayView {
  readonly title: string;
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
  readonly result: BacktestResult;
  readonly read: ReadCounts;
  /** Name of the label column that metrics are about. */
  readonly label: string | null;
  /** Of what the buffer holds; empty: not shown. */
  readonly columns: readonly ColumnSummary[];
  /** Held by windows and models at the end. */
  readonly bytes: number;
  /** Alerts shown at the most; 0: all. */
  readonly top: number;
  readonly color: ChalkInstance;
  /** Columns of the terminal; Infinity: no terminal. */
  readonly width: number;
}

/** The report of a replay for a terminal: what was read, which alerts fired, how good that is. */
export function renderReplay(view: ReplayView): string {
  const { title, plan, result, read, color, width } = view;
  const wrap = (text: string): string => wrapText(text, width, "  ");
  const advice = plan.detectors.flatMap(
    (_, d) => adviseFrozen(plan, d, result.episodes, result.labels[d] ?? null) ?? [],
  );
  const blocks: readonly (readonly string[])[] = [
    [color.bold(printable(title)), wrap(readLine(result, read, color))],
    alertBlock(view),
    sensorTable(result.sensors, color, width),
    result.reported === 0 ? [] : detectorBlock(view).map(wrap),
    ...labelBlocks(view),
    advice.map((text) => color.yellow(wrapText(text, width))),
    view.columns.length > 0 ? [...columnTable(view.columns, color), memoryLine(view)] : [],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function alertBlock({ plan, keys, result, top, color, width }: ReplayView): string[] {
  const told = result.episodes.filter(({ notified }) => notified);
  const shown = worst(told, top === 0 ? told.length : top);
  const lines = [wrapText(alertLine(result, color), width, "  ")];
  if (shown.length > 0) {
    lines.push(alertTable(shown, { plan, keys, end: result.to, color, width }));
  }
  if (shown.length < told.length) {
    const hidden = plural(told.length - shown.length, "less severe alert");
    lines.push(`${hidden} not shown: --top 0 shows all, --format json has them`);
  }
  return lines;
}

function detectorBlock({ result, label, color }: ReplayView): string[] {
  return result.detectors.flatMap((totals, d) => {
    const metrics = metricsOf(result, d);
    const quality = metrics ? labelLines(metrics, printable(label ?? "")) : [];
    return [detectorLine(totals, color), ...quality.map((line) => `  ${line}`)];
  });
}

function labelBlocks({ result, keys, color }: ReplayView): readonly (readonly string[])[] {
  if (result.reported === 0) return [];
  return result.detectors.flatMap((_, d) => {
    const metrics = metricsOf(result, d);
    return metrics === undefined ? [] : labelTables(metrics, keys, color);
  });
}

/** What labels say about a detector. They are about readings, and a silent one says nothing of any. */
function metricsOf({ detectors, labels }: BacktestResult, d: number): LabelMetrics | undefined {
  const totals = detectors[d];
  return totals !== undefined && scoresReadings(totals) ? labels[d] : undefined;
}

function memoryLine({ bytes, result }: ReplayView): string {
  const each = formatBytes(bytes / Math.max(1, result.sensors.length));
  return `Windows and models held ${formatBytes(bytes)} at the end, ${each} a sensor`;
}
