import type { DetectorPlan } from "../../../engine/plan.ts";
import type { DetectorContext } from "../../detectors/detector-type.ts";
import { detectorTypeOf } from "../../detectors/registry.ts";
import type { AlertsSection } from "../../schema/alerts.ts";
import type { PipelineConfig } from "../../schema/pipeline.ts";
import type { FeatureTable } from "../features.ts";
import type { Findings } from "../findings.ts";
import { DEFAULT_BUDGET } from "./alerts.ts";
import { InputTable } from "./inputs.ts";

/** The `alerts` section, with the budget of each detector that shares it. */
function sharedAlerts({ alerts, detectors }: PipelineConfig, findings: Findings): AlertsSection {
  const sharers = detectors.filter((entry) =>
    detectorTypeOf(entry.algorithm).sharesBudget(entry),
  ).length;
  if (sharers === 0 && alerts.budget !== undefined) {
    const message =
      "no detector shares it: only ecod detectors without contamination and budget do";
    findings.warn(["alerts", "budget"], message, "Remove it, or the contamination of a detector");
  }
  const budget = (alerts.budget ?? DEFAULT_BUDGET) / Math.max(1, sharers);
  return { ...alerts, budget };
}

/** Resolves the `detectors` section; features that it names by convention are added to `features`. */
export function resolveDetectors(
  config: PipelineConfig,
  { layout, meters }: Pick<DetectorContext, "layout" | "meters">,
  features: FeatureTable,
  findings: Findings,
): readonly DetectorPlan[] {
  const table = new InputTable(layout, features, findings);
  const seen = new Set<string>();
  const alertsOfPipeline = sharedAlerts(config, findings);
  return config.detectors.flatMap((entry, i) => {
    const { name, algorithm } = entry;
    const path = ["detectors", i];
    if (seen.has(name)) {
      findings.fault([...path, "name"], `two detectors are named "${name}"`);
    }
    seen.add(name);
    const type = detectorTypeOf(algorithm);
    const resolved = type.resolve(entry, { layout, meters, features, table, path, findings });
    const alerts = type.resolveAlerts(entry, alertsOfPipeline, [...path, "alerts"], findings);
    return resolved === null ? [] : [{ name, ...resolved, alerts }];
  });
}
