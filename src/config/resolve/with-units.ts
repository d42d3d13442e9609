import { rollingFunctions } from "../../core/features/registry.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import type { BufferConfig } from "../schema/buffer.ts";

/** Adds the units of `buffer.columns` to the inputs of each detector. */
export function withUnits(plan: EnginePlan, columns: BufferConfig["columns"] = {}): EnginePlan {
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
