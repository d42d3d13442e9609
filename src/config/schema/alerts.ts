import { z } from "zod";
import { parseAlertRate, RATE_UNITS } from "../../core/units/alert-rate.ts";
import { duration, persistence, rowsOrDuration } from "../../io/setting-values.ts";
import { closest } from "../suggest.ts";

/** Shortest repeat interval. */
const MIN_REPEAT_MS = 1000;

const repeatEvery = duration.refine((ms) => ms >= MIN_REPEAT_MS, { error: "must be at least 1s" });

/** Maximum number of labels. With the lengths below, they stay far below the limit of a message. */
export const MAX_LABELS = 20;

// names that every receiver accepts; Prometheus allows no others
const labelName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/);

const labelValue = z
  .string({ error: "must be a text; write numbers in quotes" })
  .regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u, { error: "must be one line of 1 to 100 characters" });

const labels = z
  .record(labelName, labelValue, {
    error: ({ code }) =>
      code === "invalid_key"
        ? "must be a name of at most 40 letters, digits and _ that begins with a letter"
        : undefined,
  })
  .refine((texts) => Object.keys(texts).length <= MAX_LABELS, {
    error: `must have at most ${MAX_LABELS} labels`,
  });

const RATE = "must be a number of alerts per hour, day, week or month, such as 1/week";

/** What was probably meant as a rate. */
function rateHint(given: string): string | undefined {
  const [, amount = "", unit = ""] = /^([\d.]*).*?([a-z]*)$/i.exec(given) ?? [];
  const near = unit === "" ? "week" : closest(unit, RATE_UNITS);
  return near === undefined ? undefined : `Did you mean "${Number(amount) || 1}/${near}"?`;
}

const rate = z.string({ error: RATE }).transform((given, context) => {
  const perWeek = parseAlertRate(given);
  if (perWeek !== null) return perWeek;
  context.addIssue({ code: "custom", message: RATE, params: { hint: rateHint(given) } });
  return z.NEVER;
});

const level = z.number().min(0).max(1);

/** `alerts`: when an anomaly becomes a message. Missing settings are inherited. */
export const alertsSchema = z.strictObject({
  severity: z
    .strictObject({ warning: level.optional(), critical: level.optional() })
    .optional()
    .describe("Anomaly scores above which an alert is a warning (0.85) or critical (0.95)."),
  for: persistence
    .optional()
    .describe(
      "How long an anomaly must last: rows (3), a share (3 of 5) or a duration (2m). Default 1.",
    ),
  budget: rate
    .optional()
    .describe(
      "Alerts that a healthy sensor may cause: 1/week, 2/day, 3/month. Its ecod detectors share it, those with a " +
        "contamination apart. Default 1/week.",
    ),
  cooldown: duration
    .optional()
    .describe(
      "Quiet time per sensor after a message. Default 1h for rules, none with a budget, else 60 readings (1m to 1h).",
    ),
  resolve_after: rowsOrDuration
    .optional()
    .describe(
      "Normal rows (12), or event time (60s), that end an episode. Default 12; with a budget, the end of the incident.",
    ),
  repeat: z
    .union([z.literal("off"), repeatEvery], { error: "must be off, or a duration such as 4h" })
    .optional()
    .describe("How often the message of a long episode is repeated, at least 1s. Default off."),
  send_resolved: z
    .boolean()
    .optional()
    .describe("Whether the end of an episode is sent, too. Default true."),
  labels: labels
    .optional()
    .describe("Texts that every message carries, e.g. team: facilities. Default none."),
});

/** `alerts`, checked, without defaults. */
export type AlertsSection = z.output<typeof alertsSchema>;
