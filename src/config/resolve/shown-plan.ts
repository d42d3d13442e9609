import { rollingFunctions } from "../../core/features/registry.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import type { BufferConfig } from "../schema/buffer.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { DEFAULT_VALUE } from "../schema/source.ts";
import { recordingSource } from "../sources.ts";

/** A plan with what messages show of its pipeline, and what affects no score: units, and the names of wide tables. */
export function asShown(plan: EnginePlan, config: PipelineConfig): EnginePlan {
  const { melt } = recordingSource(config)?.source ?? {};
  const isUnnamed = typeof melt === "object" && melt.value === DEFAULT_VALUE;
  const shown = withUnits(plan, config.buffer.columns);
  return isUnnamed ? { ...shown, sensorColumn: DEFAULT_VALUE } : shown;
}

/** Adds the units of `buffer.columns` to the inputs of each detector. */
function withUnits(plan: EnginePlan, columns: BufferConfig["columns"] = {}): EnginePlan {
  const units = plan.columns.map((name) => columns[name]?.unit ?? "");
  if (units.every((unit) => unit === "")) return plan;
  const unitOf = (input: number): string => {
    const feature = plan.features[input - units.length];
    if (feature === undefined) return units[input] ?? "";
    const unit = units[feature.column] ?? "";
    if (unit === "") return "";
    switch (rollingFunctions[feature.function].unit) {
      case "unit":
        return unit;
      case "unit²":
        return `(${unit})²`;
      case "unit/s":
        return `${unit}/s`;
      case "unit/h":
        return `${unit}/h`;
      case null:
        return "";
    }
  };
  const detectors = plan.detectors.map(
    (detector): DetectorPlan => ({ ...detector, inputUnits: detector.inputs.map(unitOf) }),
  );
  return { ...plan, detectors };
}
