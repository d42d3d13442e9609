import { z } from "zod";
import {
  ECOD_DEFAULTS,
  ECOD_PRESETS,
  type EcodPreset,
} from "../../../core/detectors/ecod/config.ts";
import { text } from "../../../io/setting-values.ts";
import { alertsSchema } from "../../schema/alerts.ts";

const presets = Object.keys(ECOD_PRESETS) as [EcodPreset, ...EcodPreset[]];
const count = z.int().min(1).max(10_000_000);

/** Settings of an ECOD detector in a pipeline file. */
export const ecodSchema = z.strictObject({
  name: text,
  algorithm: z.literal("ecod"),
  preset: z
    .enum(presets)
    .default("stream")
    .describe(
      "stream always adapts; frozen learns only during the warm-up, which must be healthy.",
    ),
  features: z
    .array(text)
    .min(1)
    .optional()
    .describe(
      "Numeric columns, declared features, or <column>_<function>_<window>. By default, for every " +
        "numeric column: itself, its _diff, _mean_10 and _std_50.",
    ),
  reference: z
    .enum(["exact", "compact"])
    .optional()
    .describe(
      "Form of what the detector remembers of each feature: every value in the window (exact), or a summary of 832 " +
        "bytes (compact). Default compact; exact if frozen, for windows up to 250 and above 32,751.",
    ),
  contamination: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe("Expected fraction of anomalous readings. Default 0.01 (frozen: 0.003)."),
  warmup_period: count
    .default(ECOD_DEFAULTS.warmupPeriod)
    .describe("Observations before the first score."),
  window: count.default(ECOD_DEFAULTS.window).describe("Reference values kept per feature."),
  calibration_window: count
    .default(ECOD_DEFAULTS.calibrationWindow)
    .describe("Earlier scores with which a new one is compared."),
  gate: z
    .number()
    .min(0)
    .max(1)
    .default(ECOD_DEFAULTS.gate)
    .describe("Readings with a tail probability at or below this are not learned."),
  patience: z
    .int()
    .min(0)
    .default(ECOD_DEFAULTS.patience)
    .describe("Number of unlearned readings in a row after which readings are learned again."),
  min_reference: count
    .default(ECOD_DEFAULTS.minReference)
    .describe("A feature votes only with at least this many reference values."),
  seed_fraction: z
    .number()
    .min(0)
    .max(1)
    .default(ECOD_DEFAULTS.seedFraction)
    .describe(
      "Last share of the warm-up, whose scores are the first that new ones are compared with.",
    ),
  extension: z
    .boolean()
    .default(ECOD_DEFAULTS.extension)
    .describe("Whether the distance of a value from all that was seen adds to the score."),
  frozen: z
    .boolean()
    .optional()
    .describe("Whether learning stops after the warm-up. Default by preset."),
  smoothing: z
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe("Number of scores in the median; 0: no median. Default by preset."),
  weight_power: z
    .number()
    .min(0)
    .optional()
    .describe("How strongly features that drift in the warm-up lose weight. Default by preset."),
  novelty_features: z
    .array(text)
    .optional()
    .describe("Features with a novelty memory; by default the raw columns, or none if frozen."),
  alerts: alertsSchema.optional().describe("Overrides of `alerts` for this detector."),
});

/** Checked settings; those that depend on the preset may be missing. */
export type EcodEntry = z.output<typeof ecodSchema>;
