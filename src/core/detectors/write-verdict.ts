import type { ScoreColumns } from "./detector.ts";

/** Writes the verdict of a rule: no score of its own, and nothing in between normal and anomalous. */
export function writeVerdict(out: ScoreColumns, row: number, anomalous: boolean): void {
  out.rawScore[row] = Number.NaN;
  out.p[row] = Number.NaN;
  out.anomalyScore[row] = anomalous ? 1 : 0;
  out.isAnomaly[row] = anomalous ? 1 : 0;
}
