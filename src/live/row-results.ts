import { SEVERITIES, severityRank } from "../core/alerts/severity.ts";
import { isScored, type ScoreColumns } from "../core/detectors/detector.ts";
import type { Appended, Ingested, RowResult, RowScore } from "./api.ts";
import { orNull } from "./pipeline/contributions.ts";
import type { LivePipeline, PipelineOutput } from "./pipeline/live-pipeline.ts";
import type { ReadRows } from "./rows/row-reader.ts";

/** What became of rows that were read. */
export interface Ran extends PipelineOutput {
  readonly read: ReadRows;
}

/** What an append did; the results are made when somebody looks at them. */
export function describeRan(pipeline: LivePipeline, ran: Ran): Ingested {
  const { read, rows, evicted, output } = ran;
  const { warnings, rejected, ignoredColumns } = read;
  const appended: Appended = {
    rowsAppended: rows.length,
    rowsRejected: rejected,
    currentRows: pipeline.buffer.rows,
    rowsEvicted: evicted,
    ignoredColumns,
    warnings: warnings.list,
    warningCount: warnings.count,
  };
  return {
    ...appended,
    get results() {
      return rowResults(pipeline, ran);
    },
    alerts: output.events,
  };
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
