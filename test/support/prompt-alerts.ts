import type { AlertConfig } from "../../src/core/alerts/config.ts";
import { levelsOf } from "../../src/core/alerts/severity.ts";

/** Each anomaly is a message at once, and each normal reading ends an episode. */
export const promptAlerts: AlertConfig = {
  severity: levelsOf("critical"),
  budget: null,
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 0,
  resolveAfter: { kind: "rows", rows: 1 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
};
