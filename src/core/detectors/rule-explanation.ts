import type { Explanation } from "./detector.ts";

const MOST = 5;

/** What a rule found, with the values that it looked at; of what is usual it knows nothing. */
export function ruleExplanation(
  rule: string,
  inputs: readonly Float64Array[],
  row: number,
): Explanation {
  const contributions = inputs.slice(0, MOST).map((column, input) => ({
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
