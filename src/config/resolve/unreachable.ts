import { type ParsedExpression, parseExpression } from "../../core/expression/parse.ts";
import { ANY, type Interval, isNeverTrue } from "../../core/expression/reach.ts";
import type { RollingFunctionName } from "../../core/features/registry.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { PlausibleRange } from "../../core/plausibility.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import type { Findings } from "./findings.ts";

/** Functions whose results lie between the values of the column. */
const WITHIN: readonly RollingFunctionName[] = [
  ...(["value", "lag", "mean", "ewm_mean", "median", "min", "max", "quantile"] as const),
];

/**
 * Warns about rules that can never be true, because the values that would make them true are outside the plausible
 * range of their column and count as missing.
 *
 * @param features All features of the pipeline.
 */
export function checkReach(
  { detectors }: PipelineConfig,
  ranges: readonly PlausibleRange[],
  features: readonly FeatureSpec[],
  findings: Findings,
): void {
  if (ranges.length === 0) return;
  const byName = rangesByName(ranges, features);
  const intervalOf = (name: string): Interval => {
    const range = byName.get(name);
    return range === undefined ? ANY : { low: range.min, high: range.max };
  };
  for (const [i, detector] of detectors.entries()) {
    if (detector.algorithm !== "threshold") continue;
    for (const key of ["when", "clear_when"] as const) {
      const rule = detector[key];
      const parsed = rule === undefined ? null : parseExpression(rule);
      if (parsed === null || !isNeverTrue(parsed.root, intervalOf)) continue;
      findings.warn(
        ["detectors", i, key],
        `can never be true: ${rangesOf(parsed, byName)}, and other values count as missing`,
        "Widen the range in buffer.columns: it is for values that a sensor can't measure",
      );
    }
  }
}

/** Ranges of columns, and of the features that stay within the range of their column. */
function rangesByName(
  ranges: readonly PlausibleRange[],
  features: readonly FeatureSpec[],
): ReadonlyMap<string, PlausibleRange> {
  const byColumn = new Map(ranges.map((range) => [range.column, range]));
  const byName = new Map(ranges.map((range) => [range.name, range]));
  for (const { name, column, function: used } of features) {
    const range = byColumn.get(column);
    if (range !== undefined && WITHIN.includes(used)) byName.set(name, range);
  }
  return byName;
}

/** `temperature is -40 to 100`. */
function rangesOf(
  { names }: ParsedExpression,
  ranges: ReadonlyMap<string, PlausibleRange>,
): string {
  const columns = new Set(names.flatMap(({ name }) => ranges.get(name) ?? []));
  const texts = [...columns].map(({ name, min, max }) => {
    if (min === Number.NEGATIVE_INFINITY) return `${name} is at most ${max}`;
    return max === Number.POSITIVE_INFINITY
      ? `${name} is at least ${min}`
      : `${name} is ${min} to ${max}`;
  });
  return texts.join(" and ");
}
