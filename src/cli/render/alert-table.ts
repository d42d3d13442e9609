import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import type { Episode } from "../../core/alerts/alert-event.ts";
import { SEVERITIES, type Severity } from "../../core/alerts/severity.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import { explainShort } from "../../report/explanation-text.ts";
import { formatSpan, formatTime } from "./format.ts";

/** What an alert table needs to know beside the alerts. */
export interface AlertTableContext {
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
  /** Event time at which the run ended, ms. */
  readonly end: number;
  readonly color: ChalkInstance;
  /** Columns of the terminal. */
  readonly width: number;
}

const HEAD = ["START (UTC)", "LASTED", "SENSOR", "DETECTOR", "SEVERITY", "PEAK", "WHY"];
const WHY = HEAD.length - 1;
const MIN_WHY_WIDTH = 28;
const MAX_NAME_WIDTH = 24;

const colors: Record<Severity, (color: ChalkInstance) => ChalkInstance> = {
  info: (color) => color.cyan,
  warning: (color) => color.yellow,
  critical: (color) => color.red.bold,
};

/** A severity in its colour. */
export function paintSeverity(severity: Severity, color: ChalkInstance, text: string): string {
  return colors[severity](color)(text);
}

/** The `most` worst episodes, in order of their start. */
export function worst(episodes: readonly Episode[], most: number): Episode[] {
  return [...episodes]
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
        b.peak.anomalyScore - a.peak.anomalyScore ||
        b.peak.rawScore - a.peak.rawScore ||
        a.startedAt - b.startedAt,
    )
    .slice(0, most)
    .sort((a, b) => a.startedAt - b.startedAt || a.key - b.key || a.detector - b.detector);
}

/** A table of alerts: when, how long, which sensor and detector, how severe, and why. */
export function alertTable(episodes: readonly Episode[], context: AlertTableContext): string {
  const rows = episodes.map((episode) => cells(episode, context));
  const widths = HEAD.map((title, c) =>
    Math.max(title.length, ...rows.map((row) => (row[c] as string).length)),
  );
  const taken = widths.slice(0, WHY).reduce((sum, width) => sum + width + 3, 0);
  const room = Math.max(MIN_WHY_WIDTH, context.width - taken - 4);
  const why = Math.min(widths[WHY] as number, room);
  const table = new Table({
    head: HEAD.map((title) => context.color.bold(title)),
    colWidths: [...widths.slice(0, WHY), why].map((width) => width + 2),
    wordWrap: true,
    style: { head: [], border: context.color.level > 0 ? ["gray"] : [], compact: true },
  });
  episodes.forEach((episode, i) => {
    const row = [...(rows[i] as string[])];
    row[4] = paintSeverity(episode.severity, context.color, row[4] as string);
    table.push(row);
  });
  return table.toString();
}

function cells(episode: Episode, { plan, keys, end }: AlertTableContext): string[] {
  const detector = plan.detectors[episode.detector];
  const open = Number.isNaN(episode.resolvedAt);
  const lasted = formatSpan((open ? end : episode.lastAnomalyAt) - episode.startedAt);
  return [
    formatTime(episode.startedAt),
    open ? `${lasted} →` : lasted,
    shorten(keys.name(episode.key)),
    shorten(detector?.name ?? ""),
    episode.severity,
    episode.peak.anomalyScore.toFixed(3),
    detector ? explainShort(episode.peak, detector) : "",
  ];
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_WIDTH ? name : `${name.slice(0, MAX_NAME_WIDTH - 1)}…`;
}
