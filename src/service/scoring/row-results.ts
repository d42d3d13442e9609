import type { AlertEvent } from "../../core/alerts/alert-event.ts";
import { SEVERITIES, severityRank } from "../../core/alerts/severity.ts";
import { isScored, type ScoreColumns } from "../../core/detectors/detector.ts";
import type { Ingested, RowResult, RowScore, Warning } from "../api.ts";
import { orNull } from "../live-pipeline/contributions.ts";
import type { LivePipeline, PipelineOutput } from "../live-pipeline/live-pipeline.ts";
import type { ReadRows } from "../rows/row-reader.ts";
import type { RowTexts } from "./row-texts.ts";

/** What became of rows that were read. */
export interface Ran extends PipelineOutput {
  readonly read: ReadRows;
  /** For {@link RowTexts.of}. */
  texts?: RowTexts;
}

/**
 * What an append did; the results are made when somebody looks at them. A class, as a getter in an object
 * literal makes a hidden class each time, and that keeps the whole call alive until the next full collection.
 */
export class RanAnswer implements Ingested {
  readonly rowsAppended: number;
  readonly rowsRejected: number;
  readonly currentRows: number;
  readonly rowsEvicted: number;
  readonly ignoredColumns: readonly string[];
  readonly warnings: readonly Warning[];
  readonly warningCount: number;
  readonly alerts: readonly AlertEvent[];
  readonly #pipeline: LivePipeline;
  readonly #ran: Ran;

  constructor(pipeline: LivePipeline, ran: Ran) {
    const { read, rows, evicted, output } = ran;
    this.rowsAppended = rows.length;
    this.rowsRejected = read.rejected;
    this.currentRows = pipeline.buffer.rows;
    this.rowsEvicted = evicted;
    this.ignoredColumns = read.ignoredColumns;
    this.warnings = read.warnings.list;
    this.warningCount = read.warnings.count;
    this.alerts = output.events;
    this.#pipeline = pipeline;
    this.#ran = ran;
  }

  get results(): readonly RowResult[] {
    return rowResults(this.#pipeline, this.#ran);
  }
}

/** What came of each row. Valid until the next append but one. */
function rowResults(
  { keys, shape }: LivePipeline,
  { rows, output }: PipelineOutput,
): readonly RowResult[] {
  return Array.from({ length: rows.length }, (_, i) => ({
    row: rows.rows[i] as number,
    timestamp: rows.eventTimes[i] as number,
    sensorId: keys.name(rows.keys[i] as number),
    scores: shape.detectors.flatMap(({ name, alerts }, d): RowScore[] => {
      const scores = output.scores[d] as ScoreColumns;
      if (!isScored(scores, i)) return [];
      const isAnomaly = scores.isAnomaly[i] === 1;
      const anomalyScore = scores.anomalyScore[i] as number;
      const rank = severityRank(anomalyScore, alerts.severity);
      return [
        {
          detector: name,
          isAnomaly,
          anomalyScore,
          rawScore: orNull(scores.rawScore[i] as number),
          p: orNull(scores.p[i] as number),
          severity: isAnomaly ? (SEVERITIES[rank] ?? null) : null,
        },
      ];
    }),
  }));
}
