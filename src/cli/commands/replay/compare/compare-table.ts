import type { ChalkInstance } from "chalk";
import type {
  AlertChange,
  AlertComparison,
} from "../../../../backtest/comparison/compare-alerts.ts";
import type { AlertSpan } from "../../../../backtest/comparison/match-alerts.ts";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import { paintSeverity } from "../../../render/color.ts";
import { formatCount, formatPercent, formatSpan, plural, shorten } from "../../../render/format.ts";
import { plainTable } from "../../../render/plain-table.ts";
import { wrapText } from "../../../render/wrap-text.ts";
import { ratio } from "../output/tables/label-lines.ts";
import type { RecordingOutcome } from "../run/replay-recording.ts";

/** One of the two compared pipelines. */
export interface ComparedSide {
  /** Name of its file, or `inferred`. */
  readonly name: string;
  readonly outcome: RecordingOutcome;
}

/** A comparison and the terminal it is shown on. */
export interface CompareView {
  readonly title: string;
  readonly first: ComparedSide;
  readonly second: ComparedSide;
  readonly comparison: AlertComparison;
  /** Maximum number of changes shown; 0: all. */
  readonly top: number;
  readonly times: TimeDisplay;
  readonly color: ChalkInstance;
  /** Columns of the terminal; Infinity: no terminal. */
  readonly width: number;
}

const MAX_NAME_WIDTH = 24;
const MIN_NAME_WIDTH = 6;
/** Minimum widths of the terminal for the columns of detectors and peaks. */
const WITH_DETECTOR = 100;
const WITH_PEAKS = 116;
const SIDE_WIDTH = "2024-01-01 00:00:00 critical".length;

/** The report of a comparison for a terminal: both pipelines, then the differing alerts side by side. */
export function renderComparison(view: CompareView): string {
  const { title, comparison, top, times, color, width } = view;
  const { changes, gained, lost, moved, changed, same } = comparison;
  const shown = top === 0 ? changes : changes.slice(0, top);
  const hidden = changes.length - shown.length;
  const summary = [
    `${plural(gained, "alert")} gained`,
    `${formatCount(lost)} lost`,
    `${formatCount(moved)} moved`,
    `${formatCount(changed)} changed in severity`,
    `${formatCount(same)} the same`,
  ].join(" · ");
  const { readings, reported, from, to } = view.first.outcome.result;
  const span = reported === 0 ? "" : ` · ${times.text(from)} to ${times.text(to)}`;
  return `${[
    color.bold(title),
    wrapText(`${plural(readings, "reading")}${span}`, width, "  "),
    "",
    ...sideTable(view),
    "",
    wrapText(summary, width, "  "),
    ...(shown.length > 0 ? ["", ...changeTable(shown, view)] : []),
    ...(hidden > 0 ? [`and ${plural(hidden, "more change")}: --top 0 shows all`] : []),
  ].join("\n")}\n`;
}

/** One row per pipeline and detector. */
function sideTable({ first, second, color }: CompareView): string[] {
  const labelled = first.outcome.result.labels.length + second.outcome.result.labels.length > 0;
  const head = ["PIPELINE", "DETECTOR", "ALERTS", "ALARM RATE"];
  if (labelled) head.push("EVENT F1", "FOUND", "FALSE", "DELAY");
  const rows = [first, second].flatMap(({ name, outcome: { result } }) =>
    result.detectors.map(({ name: detector, scored, anomalies }, d) => {
      const notified = result.episodes.filter((e) => e.notified && e.detector === d);
      const cells = [
        shorten(name, MAX_NAME_WIDTH),
        shorten(detector, MAX_NAME_WIDTH),
        formatCount(notified.length),
        formatPercent(anomalies / scored),
      ];
      if (!labelled) return cells;
      const metrics = result.labels[d];
      if (metrics === undefined) return [...cells, "–", "–", "–", "–"];
      const { found, missed, f1, medianDelayMs } = metrics.events;
      const delay = Number.isNaN(medianDelayMs) ? "–" : formatSpan(medianDelayMs);
      const figures = [ratio(f1), `${found} of ${found + missed}`];
      return [...cells, ...figures, formatCount(metrics.falseAlarms), delay];
    }),
  );
  return plainTable(head, rows, color, [2, 3, 4, 5, 6, 7]);
}

function changeTable(changes: readonly AlertChange[], view: CompareView): string[] {
  const { first, second, times, color, width } = view;
  const withDetector = width >= WITH_DETECTOR;
  const peaks = width >= WITH_PEAKS;
  const kinds = Math.max("CHANGE".length, ...changes.map(({ kind }) => kind.length));
  const room = width - kinds - 2 * SIDE_WIDTH - 6;
  const names = Math.max(MIN_NAME_WIDTH, Math.min(MAX_NAME_WIDTH, room));
  const side = (alert: AlertSpan | null): string => {
    if (alert === null) return "–";
    const peak = peaks ? ` ${alert.peakScore.toFixed(3)}` : "";
    const text = `${alert.severity}${peak}`;
    return `${times.text(alert.startedAt)} ${paintSeverity(alert.severity, color, text)}`;
  };
  const head = [
    "CHANGE",
    "SENSOR",
    ...(withDetector ? ["DETECTOR"] : []),
    shorten(first.name, SIDE_WIDTH),
    shorten(second.name, SIDE_WIDTH),
  ];
  const rows = changes.map(({ kind, first: before, second: after }) => {
    const alert = before ?? after;
    return [
      kind,
      shorten(alert?.sensor ?? "", names),
      ...(withDetector ? [shorten(alert?.detector ?? "", MAX_NAME_WIDTH)] : []),
      side(before),
      side(after),
    ];
  });
  return plainTable(head, rows, color);
}
