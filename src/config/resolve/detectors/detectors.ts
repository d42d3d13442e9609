import type { DetectorPlan } from "../../../engine/plan.ts";
import type { DetectorContext } from "../../detectors/detector-type.ts";
import { detectorTypeOf } from "../../detectors/registry.ts";
import type { PipelineConfig } from "../../schema/pipeline.ts";
import type { FeatureTable } from "../features.ts";
import type { Findings } from "../findings.ts";
import { InputTable } from "./inputs.ts";

/** Resolves the `detectors` section; features that it names by convention are added to `features`. */
export function resolveDetectors(
  config: PipelineConfig,
  { layout, meters }: Pick<DetectorContext, "layout" | "meters">,
  features: FeatureTable,
  findings: Findings,
): readonly DetectorPlan[] {
  const table = new InputTable(layout, features, findings);
  const seen = new Set<string>();
  return config.detectors.flatMap((entry, i) => {
    const { name, algorithm } = entry;
    const path = ["detectors", i];
    if (seen.has(name)) {
      findings.fault([...path, "name"], `two detectors are named "${name}"`);
    }
    seen.add(name);
    const type = detectorTypeOf(algorithm);
    const resolved = type.resolve(entry, { layout, meters, features, table, path, findings });
    const alerts = type.resolveAlerts(entry, config.alerts, [...path, "alerts"], findings);
    return resolved === null ? [] : [{ name, ...resolved, alerts }];
  });
}
