import { ecodValues } from "../../../core/detectors/ecod/bytes.ts";
import { ECOD_PRESETS, type EcodConfig } from "../../../core/detectors/ecod/config.ts";
import { MAX_SUMMARY_WINDOW } from "../../../core/sorted-window/summary.ts";
import { MAX_VALUES } from "../../../core/sorted-window/window-memory.ts";
import type { FeatureFacts } from "./feature-facts.ts";
import type { EcodEntry } from "./schema.ts";

/** Windows up to this length are exact by default. */
const SMALL_WINDOW = 250;

/** The error message for windows that summaries can't count; null: they fit, or are exact. */
export function tooLongForSummaries({
  reference,
  window,
  calibration_window,
}: Pick<EcodEntry, "reference" | "window" | "calibration_window">): string | null {
  const longest = Math.max(window, calibration_window);
  if (reference !== "compact" || longest <= MAX_SUMMARY_WINDOW) return null;
  return (
    `window and calibration_window are at most ${MAX_SUMMARY_WINDOW} with reference: compact, ` +
    `one of them is ${longest}`
  );
}

/** The error message for windows above the memory limit of a detector; null: they fit. */
export function tooManyValues(config: EcodConfig, dimension: number): string | null {
  const values = ecodValues(config, dimension);
  if (values <= MAX_VALUES) return null;
  return (
    `${dimension} features and the score history would hold ${values} values per sensor, ` +
    `the limit is ${MAX_VALUES}`
  );
}

/**
 * The settings of an ECOD detector: its own, else the preset's.
 *
 * @param facts What it knows about its features.
 * @param noveltyFeatures Features with a novelty memory, as indices; a frozen detector has none.
 */
export function ecodSettings(
  entry: Omit<EcodEntry, "name" | "features" | "novelty_features" | "alerts">,
  facts: FeatureFacts,
  noveltyFeatures: readonly number[],
): EcodConfig {
  const preset = ECOD_PRESETS[entry.preset];
  const frozen = entry.frozen ?? preset.frozen;
  return {
    algorithm: entry.algorithm,
    reference: entry.reference ?? defaultReference(entry, frozen),
    contamination: entry.contamination ?? preset.contamination,
    warmupPeriod: entry.warmup_period,
    window: entry.window,
    calibrationWindow: entry.calibration_window,
    gate: entry.gate,
    patience: entry.patience,
    minReference: entry.min_reference,
    seedFraction: entry.seed_fraction,
    extension: entry.extension,
    frozen,
    smoothing: entry.smoothing ?? preset.smoothing,
    weightPower: entry.weight_power ?? preset.weightPower,
    ...facts,
    noveltyFeatures: frozen ? [] : noveltyFeatures,
  };
}

/**
 * Small windows are small in either form, summaries can't count large ones, and the weights of a frozen detector amplify
 * what summaries leave out.
 */
function defaultReference(
  { window, calibration_window }: Pick<EcodEntry, "window" | "calibration_window">,
  frozen: boolean,
): EcodConfig["reference"] {
  const isLong = Math.max(window, calibration_window) > MAX_SUMMARY_WINDOW;
  return frozen || window <= SMALL_WINDOW || isLong ? "exact" : "compact";
}
