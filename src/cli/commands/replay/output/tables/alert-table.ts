import type { ChalkInstance } from "chalk";
import Table from "cli-table3";
import type { Episode } from "../../../../../core/alerts/alert-event.ts";
import type { KeyTable } from "../../../../../core/key-table.ts";
import type { TimeDisplay } from "../../../../../core/timestamp/time-display.ts";
import type { EnginePlan } from "../../../../../engine/plan.ts";
import { explainShort } from "../../../../../io/messages/explanation-text.ts";
import { detectorOfSensor } from "../../../../../io/messages/sensor-names.ts";
import { paintSeverity } from "../../../../render/color.ts";
import { formatSpan, printable, shorten } from "../../../../render/format.ts";
import { plainTable } from "../../../../render/plain-table.ts";
import { wrapText } from "../../../../render/wrap-text.ts";
import { featureLegend } from "./feature-legend.ts";

/** The run and the terminal of an alert table. */
export interface AlertTableContext {
  readonly plan: EnginePlan;
  readonly keys: KeyTable;
  /** Event time at which the run ended, ms. */
  readonly end: number;
  readonly times: TimeDisplay;
  readonly color: ChalkInstance;
  /** Columns of the terminal; Infinity: no terminal. */
  readonly width: number;
}

const START = 0;
const HEAD = ["START", "LASTED", "SENSOR", "DETECTOR", "SEVERITY", "PEAK"];
const SENSOR = HEAD.indexOf("SENSOR");
const DETECTOR = HEAD.indexOf("DETECTOR");
const SEVERITY = HEAD.indexOf("SEVERITY");
/** Maximum number of features in WHY; the JSON formats list more. */
const MAX_FEATURES = 2;
/** With less room, WHY is below its alert instead of beside it. */
const MIN_WHY_WIDTH = 60;
const MAX_NAME_WIDTH = 24;
const MIN_NAME_WIDTH = 8;
/** Width of all columns but the two names, with gaps, in the table without lines. */
const WIDTH_WITHOUT_NAMES = 53;

/**
 * A table of alerts: start, duration, sensor, detector, severity and explanation. On a wide terminal
 * each alert is one row; otherwise WHY is on separate lines.
 */
export function alertTable(episodes: readonly Episode[], context: AlertTableContext): string {
  const { plan, keys, color, width } = context;
  const whys = episodes.map((episode) => whyText(episode, plan, keys));
  const room =
    width -
    framedWidth(
      episodes.map((episode) => cells(episode, context)),
      context,
    );
  const fits = room >= Math.min(MIN_WHY_WIDTH, Math.max(...whys.map(({ length }) => length)));
  const lines = fits ? framed(episodes, whys, room, context) : stacked(episodes, whys, context);
  const legend = featureLegend(episodes, plan, MAX_FEATURES).join("; ");
  if (legend !== "") lines.push(color.dim(wrapText(printable(legend), width)));
  return lines.join("\n");
}

/** One row per alert; WHY is wrapped into `room` columns. */
function framed(
  episodes: readonly Episode[],
  whys: readonly string[],
  room: number,
  context: AlertTableContext,
): string[] {
  const { color } = context;
  const rows = episodes.map((episode, i) => [
    ...painted(episode, cells(episode, context), color),
    wrapText(whys[i] ?? "", room),
  ]);
  return [frame([...headOf(context), "WHY"], rows, color).toString()];
}

/** Two or more lines per alert: WHY is below, over the whole width. */
function stacked(
  episodes: readonly Episode[],
  whys: readonly string[],
  context: AlertTableContext,
): string[] {
  const { color, width } = context;
  const all = episodes.map((episode) => cells(episode, context));
  const names = width - WIDTH_WITHOUT_NAMES;
  const detector = fitted(all, DETECTOR, Math.floor(names / 2));
  const sensor = fitted(all, SENSOR, names - detector);
  const rows = all.map((row, i) => {
    row[SENSOR] = shorten(row[SENSOR] ?? "", sensor);
    row[DETECTOR] = shorten(row[DETECTOR] ?? "", detector);
    return painted(episodes[i] as Episode, row, color);
  });
  const [head = "", ...lines] = plainTable(headOf(context), rows, color);
  const indent = "  ";
  return [
    head,
    ...lines.flatMap((line, i) => [line, indent + wrapText(whys[i] ?? "", width - 2, indent)]),
  ];
}

/** Width of a column of names: the longest name, at most `room`. */
function fitted(rows: readonly string[][], column: number, room: number): number {
  const longest = Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return Math.max(MIN_NAME_WIDTH, Math.min(longest, room));
}

function frame(head: readonly string[], rows: string[][], color: ChalkInstance) {
  const table = new Table({
    head: head.map((title) => color.bold(title)),
    style: { head: [], border: color.level > 0 ? ["gray"] : [], compact: true },
  });
  table.push(...rows);
  return table;
}

/** Width of the table with lines, without the text of WHY. */
function framedWidth(rows: string[][], context: AlertTableContext): number {
  const head = [...headOf(context), ""];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row, ""]));
  return table.width;
}

function painted(episode: Episode, row: readonly string[], color: ChalkInstance): string[] {
  return row.map((cell, c) =>
    c === SEVERITY ? paintSeverity(episode.severity, color, cell) : cell,
  );
}

function headOf({ times }: AlertTableContext): readonly string[] {
  return HEAD.map((title, c) => (c === START ? `${title} (${times.name})` : title));
}

function cells(episode: Episode, { plan, keys, end, times }: AlertTableContext): string[] {
  const open = Number.isNaN(episode.resolvedAt);
  const lasted = formatSpan((open ? end : episode.lastAnomalyAt) - episode.startedAt);
  return [
    times.text(episode.startedAt),
    open ? `${lasted} →` : lasted,
    shorten(keys.name(episode.key), MAX_NAME_WIDTH),
    shorten(plan.detectors[episode.detector]?.name ?? "", MAX_NAME_WIDTH),
    episode.severity,
    episode.peak.anomalyScore.toFixed(3),
  ];
}

function whyText(episode: Episode, plan: EnginePlan, keys: KeyTable): string {
  const found = plan.detectors[episode.detector];
  if (!found) return "";
  const detector = detectorOfSensor(plan, found, keys.name(episode.key));
  return printable(explainShort(episode.peak, detector, MAX_FEATURES));
}
