import type { EcodConfig } from "../../../core/detectors/ecod/config.ts";
import type { Layout } from "../../../core/layout.ts";
import type { Path } from "../../document.ts";
import { defaultDetectorFeatures } from "../../infer/default-features.ts";
import type { FeatureTable } from "../../resolve/features.ts";
import type { Findings } from "../../resolve/findings.ts";
import { suggest } from "../../suggest.ts";
import type { DetectorContext, ResolvedDetector } from "../detector-type.ts";
import { type FeatureFacts, knownFacts } from "./feature-facts.ts";
import type { EcodEntry } from "./schema.ts";
import { ecodSettings, tooLongForSummaries, tooManyValues } from "./settings.ts";

/** Scores that must exist before an alarm is possible; see "Warm-up" in `docs/detector.md`. */
const MIN_SCORES = 20;

/** Inputs and settings of an ECOD detector. */
export function resolveEcod(
  entry: EcodEntry,
  { layout, meters, features, table, path, findings }: DetectorContext,
): ResolvedDetector {
  const inputNames = entry.features ?? defaultDetectorFeatures({ numeric: layout.numeric, meters });
  const seen = new Set<string>();
  const inputs = inputNames.map((name, i) => {
    const at = [...path, "features", i];
    if (seen.has(name)) findings.fault(at, `"${name}" is given twice`);
    seen.add(name);
    return table.find(name, at);
  });
  const facts = knownFacts(inputs, layout.numeric.length, features.specs);
  const config = ecodConfig(entry, inputNames, facts, path, findings);
  const tooMany = tooLongForSummaries(entry) ?? tooManyValues(config, inputs.length);
  if (tooMany !== null) findings.fault([...path, "window"], tooMany);
  checkWarmup(config, inputs, layout, features, path, findings);
  return { config, inputs, inputNames };
}

/** The settings of an ECOD detector: its own, else the preset's. */
function ecodConfig(
  entry: EcodEntry,
  inputNames: readonly string[],
  facts: FeatureFacts,
  path: Path,
  findings: Findings,
): EcodConfig {
  if (entry.min_reference > entry.window) {
    const message = `is more than the ${entry.window} values of window: no feature could ever vote`;
    findings.fault([...path, "min_reference"], message);
  }
  const novelty = noveltyOf(entry, inputNames, facts, path, findings);
  return ecodSettings(entry, facts, novelty);
}

function noveltyOf(
  entry: EcodEntry,
  inputNames: readonly string[],
  { rawFeatures }: FeatureFacts,
  path: Path,
  findings: Findings,
): readonly number[] {
  if (entry.novelty_features === undefined) return rawFeatures;
  return entry.novelty_features.map((name, i) => {
    const index = inputNames.indexOf(name);
    if (index < 0) {
      const hint = (): string => suggest(name, inputNames, "Its features are");
      const message = `"${name}" is not among the features of the detector`;
      findings.fault([...path, "novelty_features", i], message, hint);
    }
    return index;
  });
}

function checkWarmup(
  { warmupPeriod, seedFraction }: EcodConfig,
  inputs: readonly number[],
  layout: Layout,
  features: FeatureTable,
  path: Path,
  findings: Findings,
): void {
  const at = [...path, "warmup_period"];
  let largest = { name: "", rows: 0 };
  for (const input of inputs) {
    const spec = features.specs[input - layout.numeric.length];
    const rows = spec?.window?.kind === "rows" ? spec.window.rows : 0;
    if (spec !== undefined && rows > largest.rows) largest = { name: spec.name, rows };
  }
  if (warmupPeriod < largest.rows) {
    findings.warn(
      at,
      `${warmupPeriod} is below the ${largest.rows} rows of ${largest.name}, which first votes after it`,
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
