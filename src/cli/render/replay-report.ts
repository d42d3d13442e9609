import type { ChalkInstance } from "chalk";
import type { ColumnSummary } from "../../buffer/column-summary.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { adviseFrozen } from "../../report/advice.ts";
import type { BacktestResult } from "../../report/backtest-result.ts";
import { alertTable, worst } from "./alert-table.ts";
import { columnTable } from "./column-table.ts";
import { plural } from "./format.ts";
import { labelLines } from "./label-lines.ts";
import {
  alertLine,
  detectorLine,
  type ReadCounts,
  readLine,
  sensorLines,
} from "./replay-summary.ts";

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
  /** Alerts shown at the most; 0: all. */
  readonly top: number;
  readonly color: ChalkInstance;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The report of a replay for a terminal: what was read, which alerts fired, how good that is. */
export function renderReplay(view: ReplayView): string {
  const { title, plan, keys, result, read, label, top, color, width } = view;
  const told = result.episodes.filter(({ notified }) => notified);
  const shown = worst(told, top === 0 ? told.length : top);
  const context = { plan, keys, end: result.to, color, width };
  const blocks: string[][] = [[color.bold(title), readLine(result, read, color)]];
  const alerts = [alertLine(result, color)];
  if (shown.length > 0) alerts.push(alertTable(shown, context));
  if (shown.length < told.length) {
    const hidden = plural(told.length - shown.length, "less severe alert");
    alerts.push(`${hidden} not shown: --top 0 shows all, --format json has them`);
  }
  blocks.push(alerts);
  blocks.push(sensorLines(result.sensors, color));
  const judged = result.detectors.map((totals) => detectorLine(totals, color));
  for (const metrics of result.labels)
    judged.push(...labelLines(metrics, label ?? "labels", color));
  blocks.push(judged);
  const advice = plan.detectors.flatMap(
    (_, d) => adviseFrozen(plan, d, result.episodes, result.labels[d] ?? null) ?? [],
  );
  if (advice.length > 0) blocks.push(advice.map((line) => color.yellow(line)));
  if (view.columns.length > 0) blocks.push([columnTable(view.columns, color)]);
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
