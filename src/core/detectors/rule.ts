import type { Explanation, ScoreColumns, StatePart } from "./detector.ts";

/** Maximum number of values in an explanation. */
const MAX_CONTRIBUTIONS = 5;

/** An explanation by a rule: the rule and the values of its inputs. A rule knows no usual values. */
export function ruleExplanation(
  rule: string,
  inputs: readonly Float64Array[],
  row: number,
): Explanation {
  const contributions = inputs.slice(0, MAX_CONTRIBUTIONS).map((column, input) => ({
    input,
    value: column[row] as number,
    typical: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    side: null,
    share: Number.NaN,
  }));
  return { contributions, novel: [], threshold: Number.NaN, rule };
}

/** Writes the verdict of a rule, which is normal or anomalous and has no raw score. */
export function writeVerdict(out: ScoreColumns, row: number, anomalous: boolean): void {
  out.rawScore[row] = Number.NaN;
  out.p[row] = Number.NaN;
  out.anomalyScore[row] = anomalous ? 1 : 0;
  out.isAnomaly[row] = anomalous ? 1 : 0;
}

/**
 * The state of a rule, a few numbers, as its only part. They are in an array, because V8 boxes a number in
 * a field at every change.
 *
 * @param numbers The first number grows with every change.
 */
export function numbersPart(numbers: Float64Array): StatePart {
  return {
    name: "state",
    version: numbers[0] as number,
    save: (writer) => writer.f64s(numbers),
    load: (reader) => reader.f64s(numbers),
  };
}
