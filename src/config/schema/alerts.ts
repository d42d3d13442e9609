import { z } from "zod";
import { duration, persistence, rowsOrDuration } from "./values.ts";

/** Repeats are sent for all of the time that passes between two readings: none may take no time. */
const MIN_REPEAT_MS = 1000;

const repeatEvery = duration.refine((ms) => ms >= MIN_REPEAT_MS, { error: "must be at least 1s" });

const level = z.number().min(0).max(1);

/** `alerts`: when an anomaly becomes a message. What is left out is inherited. */
export const alertsSchema = z.strictObject({
  severity: z
    .strictObject({ warning: level.optional(), critical: level.optional() })
    .optional()
    .describe("Anomaly scores strictly above which it is a warning (0.85), and critical (0.95)."),
  for: persistence
    .optional()
    .describe("How long it must last: rows (3), a share (3 of 5) or a duration (2m). Default 1."),
  cooldown: duration.optional().describe("Quiet time per sensor after a message. Default 1h."),
  resolve_after: rowsOrDuration
    .optional()
    .describe("Normal rows (12), or event time (60s), that end an episode. Default 12."),
  repeat: z
    .union([z.literal("off"), repeatEvery], { error: "must be off, or a duration such as 4h" })
    .optional()
    .describe("A long episode is told again this often, at least 1s. Default off."),
  send_resolved: z.boolean().optional().describe("Whether its end is told too. Default true."),
});

/** `alerts`, checked, without defaults. */
export type AlertsSection = z.output<typeof alertsSchema>;
