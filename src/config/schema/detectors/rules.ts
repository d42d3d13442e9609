/**
 * Detectors that are rules: they learn nothing, and have a severity instead of a score.
 *
 * @module
 */
import { z } from "zod";
import { duration, severity, text } from "../../../io/setting-values.ts";
import { alertsSchema } from "../alerts.ts";

const lasting = duration.refine((ms) => ms > 0, { error: "must be above zero" });
const limit = z.number().min(0);

const shared = {
  name: text,
  severity: severity.default("warning").describe("Of its alerts: info, warning or critical."),
  alerts: alertsSchema.optional().describe("Overrides of `alerts` for this detector."),
};

/** A detector of algorithm `threshold`. */
export const thresholdSchema = z.strictObject({
  algorithm: z.literal("threshold"),
  when: text.describe(
    "Rule over columns and features: temperature > 40 and humidity_mean_10 < 30.",
  ),
  clear_when: text
    .optional()
    .describe("Once anomalous, readings stay so until this is true: temperature < 38."),
  ...shared,
});

/** A detector of algorithm `stuck`. */
export const stuckSchema = z.strictObject({
  algorithm: z.literal("stuck"),
  column: text.describe("Numeric column, or feature."),
  after: lasting.describe("How long it must not have changed."),
  tolerance: limit.default(0).describe("Largest difference of any two values that is no change."),
  ...shared,
});

/** A detector of algorithm `silent`. */
export const silentSchema = z.strictObject({
  algorithm: z.literal("silent"),
  after: lasting.describe("How long a sensor must not have reported."),
  ...shared,
});

/** A detector of algorithm `rate_of_change`. */
export const rateOfChangeSchema = z.strictObject({
  algorithm: z.literal("rate_of_change"),
  column: text.describe("Numeric column, or feature."),
  per: lasting.describe("Unit of time of the limits, such as 1m."),
  max_change: limit.optional().describe("Largest change in that time, up or down."),
  max_rise: limit.optional().describe("Largest rise in that time."),
  max_fall: limit.optional().describe("Largest fall in that time."),
  ...shared,
});

/** Detectors that are rules, checked. */
export type ThresholdEntry = z.output<typeof thresholdSchema>;
export type StuckEntry = z.output<typeof stuckSchema>;
export type SilentEntry = z.output<typeof silentSchema>;
export type RateOfChangeEntry = z.output<typeof rateOfChangeSchema>;
