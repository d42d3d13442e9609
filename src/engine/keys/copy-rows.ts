import { markUnscored, type ScoreColumns } from "../../core/detectors/detector.ts";
import type { OutputColumns } from "../engine-output.ts";

/** Copies the first `n` rows of columns to the rows of the batch that they come from. */
export function scatter(
  from: readonly Float64Array[],
  to: readonly Float64Array[],
  origin: Uint32Array,
  n: number,
): void {
  for (let c = 0; c < from.length; c++) scatterColumn(from[c], to[c], origin, n);
}

function scatterColumn(
  from: Float64Array | undefined,
  to: Float64Array | undefined,
  origin: Uint32Array,
  n: number,
): void {
  if (!from || !to) return;
  for (let i = 0; i < n; i++) to[origin[i] as number] = from[i] as number;
}

/** {@link scatter} for the scores of a detector. */
export function scatterScores(
  from: ScoreColumns,
  to: ScoreColumns,
  origin: Uint32Array,
  n: number,
): void {
  scatterColumn(from.rawScore, to.rawScore, origin, n);
  scatterColumn(from.p, to.p, origin, n);
  scatterColumn(from.anomalyScore, to.anomalyScore, origin, n);
  for (let i = 0; i < n; i++) to.isAnomaly[origin[i] as number] = from.isAnomaly[i] as number;
}

/** Clears the output of a dropped row, which holds values of an earlier batch. */
export function blank(output: OutputColumns, row: number): void {
  for (const feature of output.features) feature[row] = Number.NaN;
  for (const scores of output.scores) markUnscored(scores, row);
}
