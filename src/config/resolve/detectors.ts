import type { DetectorConfig } from "../../core/detectors/registry.ts";
import type { Layout } from "../../core/layout.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import { defaultDetectorFeatures } from "../default-features.ts";
import type { Path } from "../document.ts";
import type { EcodEntry } from "../schema/detectors.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import { suggest, suggestAndList } from "../suggest.ts";
import { resolveAlerts } from "./alerts.ts";
import { ecodSettings } from "./ecod-settings.ts";
import { type FeatureTable, noNumericColumn } from "./features.ts";
import type { Findings } from "./findings.ts";

/** Scores that must exist before an alarm is possible (detector specification, section 5). */
const MIN_SCORES = 20;

/** Resolves the `detectors` section; features that it names by convention are added to `features`. */
export function resolveDetectors(
  config: PipelineConfig,
  layout: Layout,
  features: FeatureTable,
  findings: Findings,
): readonly DetectorPlan[] {
  const seen = new Set<string>();
  return config.detectors.map((entry, i) => {
    const path = ["detectors", i];
    if (seen.has(entry.name)) {
      findings.fault([...path, "name"], `two detectors are named "${entry.name}"`);
    }
    seen.add(entry.name);
    const inputNames = entry.features ?? defaultDetectorFeatures(layout.numeric);
    const inputs = resolveInputs(inputNames, layout, features, path, findings);
    const plan: DetectorPlan = {
      name: entry.name,
      config: ecodConfig(entry, inputNames, inputs, layout, path, findings),
      inputs,
      inputNames,
      alerts: resolveAlerts(config.alerts, entry.alerts ?? {}, [...path, "alerts"], findings),
    };
    checkWarmup(plan, layout, features, path, findings);
    return plan;
  });
}

function resolveInputs(
  names: readonly string[],
  layout: Layout,
  features: FeatureTable,
  path: Path,
  findings: Findings,
): readonly number[] {
  const seen = new Set<string>();
  return names.map((name, i) => {
    const at = [...path, "features", i];
    if (seen.has(name)) findings.fault(at, `"${name}" is given twice`);
    seen.add(name);
    const column = layout.numeric.indexOf(name);
    if (column >= 0) return column;
    const feature = features.find(name, at);
    if (feature !== null) return layout.numeric.length + feature;
    findings.fault(at, ...unknownFeature(name, layout, features));
    return -1;
  });
}

function unknownFeature(
  name: string,
  layout: Layout,
  features: FeatureTable,
): [message: string, hint: string] {
  const [message, hint] = noNumericColumn(name, layout);
  if (!message.startsWith("there is no column")) return [message, hint];
  const known = [...features.names, ...layout.numeric];
  return [
    `"${name}" is no numeric column, no declared feature and no <column>_<function>_<window>`,
    suggestAndList(name, known, "Known are"),
  ];
}

/** The settings of an ECOD detector: its own, else the preset's. */
function ecodConfig(
  entry: EcodEntry,
  inputNames: readonly string[],
  inputs: readonly number[],
  layout: Layout,
  path: Path,
  findings: Findings,
): DetectorConfig {
  if (entry.min_reference > entry.window) {
    const message = `is more than the ${entry.window} values of window: no feature could ever vote`;
    findings.fault([...path, "min_reference"], message);
  }
  return ecodSettings(entry, novelty(entry, inputNames, inputs, layout, path, findings));
}

function novelty(
  entry: EcodEntry,
  inputNames: readonly string[],
  inputs: readonly number[],
  layout: Layout,
  path: Path,
  findings: Findings,
): readonly number[] {
  if (entry.novelty_features === undefined) {
    return [...inputs.keys()].filter((i) => (inputs[i] as number) < layout.numeric.length);
  }
  return entry.novelty_features.map((name, i) => {
    const index = inputNames.indexOf(name);
    if (index < 0) {
      const hint = suggest(name, inputNames, "Its features are");
      const message = `"${name}" is not among the features of the detector`;
      findings.fault([...path, "novelty_features", i], message, hint);
    }
    return index;
  });
}

function checkWarmup(
  plan: DetectorPlan,
  layout: Layout,
  features: FeatureTable,
  path: Path,
  findings: Findings,
): void {
  const { warmupPeriod, seedFraction } = plan.config;
  const at = [...path, "warmup_period"];
  let largest = { name: "", rows: 0 };
  for (const input of plan.inputs) {
    const spec = features.specs[input - layout.numeric.length];
    const rows = spec?.window?.kind === "rows" ? spec.window.rows : 0;
    if (spec !== undefined && rows > largest.rows) largest = { name: spec.name, rows };
  }
  if (warmupPeriod < largest.rows) {
    findings.warn(
      at,
      `${warmupPeriod} is below the ${largest.rows} rows of ${largest.name}, which joins in late`,
      `Use at least ${largest.rows}`,
    );
  }
  if (warmupPeriod * seedFraction < MIN_SCORES) {
    findings.warn(
      at,
      `${warmupPeriod} x seed_fraction ${seedFraction} is below ${MIN_SCORES}: ` +
        `no alarm is possible until ${MIN_SCORES} scores exist`,
      seedFraction > 0
        ? `Use at least ${Math.ceil(MIN_SCORES / seedFraction)}`
        : "Use a larger seed_fraction",
    );
  }
}
