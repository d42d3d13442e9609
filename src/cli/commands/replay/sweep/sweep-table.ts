import type { ChalkInstance } from "chalk";
import { overlap } from "../../../../backtest/comparison/match-alerts.ts";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { METRICS, type MetricName } from "../../../../sweep/result/sweep-metrics.ts";
import {
  alertCount,
  alertsPerDay,
  best,
  order,
  type SweepResult,
} from "../../../../sweep/result/sweep-result.ts";
import type { PartOutcome, SettingOutcome } from "../../../../sweep/run/run-settings.ts";
import { settingText } from "../../../../sweep/settings/sweep-plans.ts";
import { formatCount, formatPercent, formatSpan, plural, shorten } from "../../../render/format.ts";
import { plainTable } from "../../../render/plain-table.ts";
import { wrapText } from "../../../render/wrap-text.ts";
import { byEvent, byReading, ratio } from "../output/tables/label-lines.ts";

/** The result of a sweep and the terminal it is shown on. */
export interface SweepView {
  readonly title: string;
  readonly result: SweepResult;
  /** Maximum number of settings shown; 0: all. */
  readonly top: number;
  readonly times: TimeDisplay;
  readonly color: ChalkInstance;
  /** Columns of the terminal; Infinity: no terminal. */
  readonly width: number;
}

/** A column of figures. A narrow terminal shows only the first ones. */
interface Column {
  readonly head: string;
  readonly metric?: MetricName;
  cell(part: PartOutcome): string;
}

const MAX_VALUE_WIDTH = 24;
const GAP = 2;

/** The report of a sweep for a terminal: one row per setting, then the best setting. */
export function renderSweep(view: SweepView): string {
  const { title, result, top, times, color, width } = view;
  const shown = order(result);
  const rows = top === 0 ? shown : shown.slice(0, top);
  const hidden = shown.length - rows.length;
  const lines = [
    color.bold(title),
    wrapText(heading(result, times), width, "  "),
    "",
    ...table(view, rows),
    ...(hidden > 0 ? [`and ${plural(hidden, "more setting")}: --top 0 shows all`] : []),
    ...(result.optimize === null
      ? ["", "Without labels no setting can be chosen. Name known anomalies with --labels."]
      : verdict(view)),
  ];
  return `${lines.join("\n")}\n`;
}

function heading(
  { outcomes, optimize, asIs, detectorName, holdout }: SweepResult,
  times: TimeDisplay,
): string {
  const settings = plural(outcomes.length, "setting");
  const span = spanText(asIs.tuned, times);
  if (optimize === null) return `${settings} over ${span}`;
  const by = `by ${METRICS[optimize].title} of ${detectorName}`;
  return asIs.heldOut === null
    ? `${settings}, ${by}, over ${span}, with nothing held out`
    : `${settings}, ${by} on the first ${formatPercent(1 - holdout)}: ${span}`;
}

function spanText({ reported, from, to }: PartOutcome, times: TimeDisplay): string {
  return `${plural(reported, "reading")}, ${times.text(from)} to ${times.text(to)}`;
}

function table({ result, color, width }: SweepView, rows: readonly number[]): string[] {
  const { axes, settings, outcomes, asIs, asIsIndex } = result;
  const names = axes.map(({ name }) => shorten(shortName(name, axes), MAX_VALUE_WIDTH));
  const columns = result.optimize === null ? alertColumns(result) : labelColumns(result);
  const lines = rows.map((s, rank) => ({
    start: [
      `${rank + 1}`,
      ...(settings[s] ?? []).map((value) => shorten(settingText(value), MAX_VALUE_WIDTH)),
    ],
    part: (outcomes[s] as SettingOutcome).tuned,
    note: s === asIsIndex ? "as it is" : "",
  }));
  if (asIsIndex < 0) {
    lines.push({ start: ["–", ...axes.map(() => "as it is")], part: asIs.tuned, note: "" });
  }
  const start = ["#", ...names];
  const grid = lines.map(({ start: cells, part, note }) => ({
    cells,
    figures: columns.map(({ cell }) => cell(part)),
    note,
  }));
  let room =
    width -
    widthOf(
      start,
      grid.map(({ cells }) => cells),
    ) -
    "as it is".length -
    GAP;
  const fitting = columns.flatMap((column, c) => {
    room -=
      GAP + Math.max(column.head.length, ...grid.map(({ figures }) => figures[c]?.length ?? 0));
    return room >= 0 || c === 0 ? [c] : [];
  });
  const noted = grid.some(({ note }) => note !== "");
  const head = [...start, ...fitting.map((c) => columns[c]?.head ?? ""), ...(noted ? [""] : [])];
  const numbers = fitting.map((_, i) => start.length + i);
  const body = grid.map(({ cells, figures, note }) => [
    ...cells,
    ...fitting.map((c) => figures[c] ?? ""),
    ...(noted ? [color.dim(note)] : []),
  ]);
  return plainTable(head, body, color, [0, ...numbers]);
}

function widthOf(head: readonly string[], rows: readonly (readonly string[])[]): number {
  return head.reduce(
    (sum, title, c) =>
      sum + GAP + Math.max(title.length, ...rows.map((row) => row[c]?.length ?? 0)),
    0,
  );
}

/** The last step of a path; the last two where paths have the same last step. */
function shortName(name: string, axes: SweepResult["axes"]): string {
  const last = name.split(".").at(-1) ?? name;
  const alike = axes.filter((axis) => axis.name.split(".").at(-1) === last);
  return alike.length > 1 ? name.split(".").slice(-2).join(".") : last;
}

function labelColumns({ detector, optimize }: SweepResult): Column[] {
  const of = (part: PartOutcome) => part.labels[detector];
  const columns: Column[] = [
    {
      head: "EVENT F1",
      metric: "event_f1",
      cell: (part) => ratio(of(part)?.events.f1 ?? Number.NaN),
    },
    {
      head: "FOUND",
      metric: "event_recall",
      cell: (part) => {
        const { found = 0, missed = 0 } = of(part)?.events ?? {};
        return `${found} of ${found + missed}`;
      },
    },
    {
      head: "FALSE",
      metric: "false_alarms",
      cell: (part) => formatCount(of(part)?.falseAlarms ?? 0),
    },
    {
      head: "DELAY",
      metric: "delay",
      cell: (part) => delayText(of(part)?.events.medianDelayMs ?? Number.NaN),
    },
    { head: "ROW F1", metric: "row_f1", cell: (part) => ratio(of(part)?.rows.f1 ?? Number.NaN) },
    { head: "AUC", metric: "auc", cell: (part) => ratio(of(part)?.ranking.auc ?? Number.NaN) },
    {
      head: "AP",
      metric: "average_precision",
      cell: (part) => ratio(of(part)?.ranking.averagePrecision ?? Number.NaN),
    },
    { head: "ALERTS", cell: (part) => formatCount(alertCount(part)) },
  ];
  const chosen = columns.findIndex(({ metric }) => metric === optimize);
  return [...columns.splice(chosen, 1), ...columns];
}

function alertColumns({ detector, asIs }: SweepResult): Column[] {
  return [
    { head: "ALERTS", cell: (part) => formatCount(alertCount(part)) },
    { head: "A DAY", cell: (part) => figures(alertsPerDay(part)) },
    {
      head: "ALARM RATE",
      cell: ({ detectors }) => {
        const { anomalies = 0, scored = 0 } = detectors[detector] ?? {};
        return formatPercent(anomalies / scored);
      },
    },
    { head: "CRITICAL", cell: ({ alerts }) => formatCount(alerts.critical) },
    { head: "SHARED", cell: ({ spans }) => formatPercent(overlap(spans, asIs.tuned.spans)) },
    { head: "SUPPRESSED", cell: ({ suppressed }) => formatCount(suppressed) },
  ];
}

function verdict({ result, color, width }: SweepView): string[] {
  const { axes, settings, outcomes, asIs, detector, holdout } = result;
  const chosen = best(result);
  if (chosen === null) {
    const where = asIs.heldOut === null ? "" : ` on the first ${formatPercent(1 - holdout)}`;
    const text = `No setting can be chosen: no labelled event was scored${where}.`;
    return ["", color.yellow(wrapText(`${text} Use another --holdout, or more labels.`, width))];
  }
  const values = axes.map(({ name }, i) => `${name}=${settingText(settings[chosen]?.[i])}`);
  const line = (text: string, part: PartOutcome): string => {
    const metrics = part.labels[detector];
    const quality =
      metrics === undefined ? "" : `${byEvent(metrics)} · by reading: ${byReading(metrics)}`;
    return wrapText(`  ${text}: ${quality}`, width, "    ");
  };
  const { tuned, heldOut } = outcomes[chosen] as SettingOutcome;
  const lines = ["", color.bold(`Best: ${values.join(" ")}`)];
  if (heldOut === null || asIs.heldOut === null) {
    return [...lines, line("on the readings that chose it, so expect less on others", tuned)];
  }
  const last = `on the last ${formatPercent(holdout)}`;
  return [
    ...lines,
    line("on the readings that chose it", tuned),
    color.bold(line(`${last}, held out from the choice`, heldOut)),
    line(`${last}, the pipeline as it is`, asIs.heldOut),
  ];
}

function delayText(ms: number): string {
  return Number.isNaN(ms) ? "–" : formatSpan(ms);
}

function figures(value: number): string {
  return Number.isNaN(value) ? "–" : String(Number(value.toPrecision(2)));
}
