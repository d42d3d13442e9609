import type { Episode } from "../../../../../core/alerts/alert-event.ts";
import {
  type RollingFunctionName,
  rollingFunctions,
} from "../../../../../core/features/registry.ts";
import type { FeatureSpec } from "../../../../../core/features/spec.ts";
import { formatDuration } from "../../../../../core/units/duration.ts";
import type { EnginePlan } from "../../../../../engine/plan.ts";
import { tellingInputs } from "../../../../../io/messages/explanation-text.ts";

/**
 * Explains the features that the explanations of these episodes name, each kind once: `*_std_50: sample
 * standard deviation (n - 1), window 50 rows`. Empty when they name only raw columns.
 *
 * @param most Maximum number of features in one explanation.
 */
export function featureLegend(
  episodes: readonly Episode[],
  plan: EnginePlan,
  most: number,
): string[] {
  const named = new Set<FeatureSpec>();
  for (const { detector, peak } of episodes) {
    const { inputs = [] } = plan.detectors[detector] ?? {};
    for (const input of tellingInputs(peak, most)) {
      const feature = plan.features[(inputs[input] ?? 0) - plan.columns.length];
      if (feature) named.add(feature);
    }
  }
  const inOrder = plan.features.filter((feature) => named.has(feature));
  return [...new Set(inOrder.map((feature) => meaning(feature, plan.columns)))];
}

function meaning(feature: FeatureSpec, columns: readonly string[]): string {
  const { name, window, quantile } = feature;
  const column = columns[feature.column] ?? "";
  const byConvention = name.startsWith(`${column}_`);
  const label = byConvention ? `*${name.slice(column.length)}` : name;
  const share = quantile === null ? "" : `${quantile} `;
  const of = byConvention ? "" : ` of ${column}`;
  return `${label}: ${share}${summary(feature.function, window)}${of}`;
}

/** The summary of a function, with its window. */
function summary(name: RollingFunctionName, window: FeatureSpec["window"]): string {
  const text = rollingFunctions[name].summary;
  if (window === null) return text.split(", or ", 1)[0] ?? "";
  const length = window.kind === "rows" ? `${window.rows}` : formatDuration(window.ms);
  if (text.includes("`window`")) return text.replace("`window`", length);
  return `${text}, window ${length}${window.kind === "rows" ? " rows" : ""}`;
}
