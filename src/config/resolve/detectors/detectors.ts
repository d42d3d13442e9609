import type { Layout } from "../../../core/layout.ts";
import type { DetectorPlan } from "../../../engine/plan.ts";
import type { Path } from "../../document.ts";
import type { DetectorEntry } from "../../schema/detectors/detectors.ts";
import type { PipelineConfig } from "../../schema/pipeline.ts";
import type { FeatureTable } from "../features.ts";
import type { Findings } from "../findings.ts";
import { resolveAlerts } from "./alerts.ts";
import { resolveEcod } from "./ecod.ts";
import { InputTable } from "./inputs.ts";
import { resolveRuleAlerts } from "./rule-alerts.ts";
import {
  type ResolvedDetector,
  resolveRateOfChange,
  resolveSilent,
  resolveStuck,
  resolveThreshold,
} from "./rules.ts";

/** Resolves the `detectors` section; features that it names by convention are added to `features`. */
export function resolveDetectors(
  config: PipelineConfig,
  layout: Layout,
  features: FeatureTable,
  findings: Findings,
): readonly DetectorPlan[] {
  const table = new InputTable(layout, features, findings);
  const seen = new Set<string>();
  return config.detectors.flatMap((entry, i) => {
    const path = ["detectors", i];
    if (seen.has(entry.name)) {
      findings.fault([...path, "name"], `two detectors are named "${entry.name}"`);
    }
    seen.add(entry.name);
    const resolved = resolveDetector(entry, table, layout, features, path, findings);
    const at = [...path, "alerts"];
    const alerts =
      entry.algorithm === "ecod"
        ? resolveAlerts(config.alerts, entry.alerts ?? {}, at, findings)
        : resolveRuleAlerts(config.alerts, entry, at, findings);
    return resolved === null ? [] : [{ name: entry.name, ...resolved, alerts }];
  });
}

/** @returns Null, and a fault, when nothing can be made of it. */
function resolveDetector(
  entry: DetectorEntry,
  table: InputTable,
  layout: Layout,
  features: FeatureTable,
  path: Path,
  findings: Findings,
): ResolvedDetector | null {
  switch (entry.algorithm) {
    case "ecod":
      return resolveEcod(entry, table, layout, features, path, findings);
    case "threshold":
      return resolveThreshold(entry, table, path, findings);
    case "stuck":
      return resolveStuck(entry, table, path);
    case "silent":
      return resolveSilent(entry, layout);
    case "rate_of_change":
      return resolveRateOfChange(entry, table, path, findings);
  }
}
