import { SEVERITIES, severityRank } from "../../../../core/alerts/severity.ts";
import type { SequencedBatch } from "../../../../core/batch.ts";
import { isScored, type ScoreColumns } from "../../../../core/detectors/detector.ts";
import type { KeyTable } from "../../../../core/key-table.ts";
import type { TimeDisplay } from "../../../../core/timestamp/time-display.ts";
import type { EngineOutput } from "../../../../engine/engine-output.ts";
import type { EnginePlan } from "../../../../engine/plan.ts";
import type { Painter } from "../../../../io/sinks/console/alert-line.ts";
import { printable } from "../../../render/format.ts";

const STATE_WIDTH = "critical".length;

/**
 * Formats readings as text lines:
 * `2026-03-01 09:30:00 ok       pump-1 temperature 21.4 humidity 45.1 | anomaly 0.31`.
 */
export class ReadingLines {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #painter: Painter;
  readonly #times: TimeDisplay;

  constructor(plan: EnginePlan, keys: KeyTable, painter: Painter, times: TimeDisplay) {
    this.#plan = plan;
    this.#keys = keys;
    this.#painter = painter;
    this.#times = times;
  }

  /** The line of one row, with its line end. */
  of(rows: SequencedBatch, output: EngineOutput, row: number): string {
    const values = this.#plan.columns.flatMap((name, c) => {
      const value = rows.columns[c]?.[row] ?? Number.NaN;
      return Number.isNaN(value) ? [] : `${printable(name)} ${value}`;
    });
    const scored = this.#plan.detectors.flatMap(({ name, alerts }, d) => {
      const scores = output.scores[d] as ScoreColumns;
      if (!isScored(scores, row)) return [];
      const score = scores.anomalyScore[row] as number;
      const rank = severityRank(scores.isAnomaly[row] === 1, score, alerts.severity);
      return { text: `${printable(name)} ${score.toFixed(2)}`, rank };
    });
    const worst = SEVERITIES[Math.max(-1, ...scored.map(({ rank }) => rank))];
    const state = (worst ?? (scored.length > 0 ? "ok" : "warming")).padEnd(STATE_WIDTH);
    return `${[
      this.#painter.faint(this.#times.text(rows.timestamps[row] as number)),
      worst === undefined ? this.#painter.faint(state) : this.#painter.severity(worst, state),
      printable(this.#keys.name(rows.keys[row] as number)),
      values.join(" "),
      ...(scored.length > 0 ? ["|", scored.map(({ text }) => text).join(" ")] : []),
    ].join(" ")}\n`;
  }
}
