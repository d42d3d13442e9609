import { orNull } from "../live-pipeline/explanations.ts";
import type { PipelineCore } from "../live-pipeline/observations.ts";

/** Last rows of one sensor, as one list per column; null is a missing value. */
export interface Trace {
  /** Event times, ms; oldest row first. */
  readonly timestamps: readonly number[];
  /** By numeric column. */
  readonly values: ReadonlyMap<string, readonly (number | null)[]>;
  /** Anomaly scores by detector; null: none. */
  readonly scores: ReadonlyMap<string, readonly (number | null)[]>;
}

/**
 * Newest rows of a key with their scores.
 *
 * @param limit Maximum number of rows.
 */
export function traceOf({ rows, built }: PipelineCore, key: number, limit: number): Trace {
  const { history } = rows;
  const found: number[] = [];
  let row = key < 0 ? -1 : history.newest(key);
  for (; row >= 0 && found.length < limit; row = history.before(row)) found.push(row);
  found.reverse();
  const { plan, shape } = built;
  return {
    timestamps: found.map((at) => history.time(at)),
    values: new Map(
      plan.columns.map((name) => {
        const column = rows.column(name);
        return [name, found.map((at) => orNull(history.at(column, at)))];
      }),
    ),
    scores: new Map(
      shape.detectors.map((detector) => {
        const verdicts = rows.verdicts(detector);
        const scoreAt = (at: number) =>
          verdicts.isScored(at) ? orNull(verdicts.at(at).anomalyScore) : null;
        return [detector.name, found.map(scoreAt)];
      }),
    ),
  };
}
