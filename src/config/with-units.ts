import type { RollingFunctionName } from "../core/features/registry.ts";
import type { DetectorPlan, EnginePlan } from "../engine/plan.ts";
import type { BufferConfig } from "./schema/buffer.ts";

/** The unit of what a function gives, by the unit of its column; null: it has none. */
const UNITS: Readonly<Record<RollingFunctionName, ((unit: string) => string) | null>> = {
  value: same,
  diff: same,
  lag: same,
  mean: same,
  ewm_mean: same,
  median: same,
  min: same,
  max: same,
  sum: same,
  std: same,
  mad: same,
  range: same,
  quantile: same,
  rms: same,
  var: (unit) => `(${unit})²`,
  rate: (unit) => `${unit}/s`,
  slope: (unit) => `${unit}/s`,
  zscore: null,
  skew: null,
  kurtosis: null,
  corr: null,
  count: null,
  missing: null,
};

/** A plan whose detectors know the units of their inputs, as `buffer.columns` has them. */
export function withUnits(plan: EnginePlan, columns: BufferConfig["columns"] = {}): EnginePlan {
  const units = plan.columns.map((name) => columns[name]?.unit ?? "");
  if (units.every((unit) => unit === "")) return plan;
  const unitOf = (input: number): string => {
    const feature = plan.features[input - units.length];
    if (feature === undefined) return units[input] ?? "";
    const unit = units[feature.column] ?? "";
    return unit === "" ? "" : (UNITS[feature.function]?.(unit) ?? "");
  };
  const detectors = plan.detectors.map(
    (detector): DetectorPlan => ({ ...detector, inputUnits: detector.inputs.map(unitOf) }),
  );
  return { ...plan, detectors };
}

function same(unit: string): string {
  return unit;
}
