import type { AlertConfig } from "../../../core/alerts/config.ts";
import type { Path } from "../../document.ts";
import { type AlertsSection, MAX_LABELS } from "../../schema/alerts.ts";
import type { Findings } from "../findings.ts";

/** Alert policy of a rule that sets nothing. */
export const RULE_ALERTS: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  budget: null,
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 3_600_000,
  resolveAfter: { kind: "rows", rows: 12 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
};

/** Alert policy of a detector with a contamination that sets nothing else. */
export const CONTAMINATION_ALERTS: AlertConfig = { ...RULE_ALERTS, cooldownMs: null };

/** Alerts a week of a sensor, if nothing is set. */
export const DEFAULT_BUDGET = 1;

/** Alert policy of a detector under a budget that sets nothing else. The budget itself says when an incident is over. */
export const BUDGET_ALERTS: AlertConfig = {
  ...RULE_ALERTS,
  budget: DEFAULT_BUDGET,
  cooldownMs: 0,
  resolveAfter: { kind: "rows", rows: 1 },
};

/**
 * The alert policy of one detector: its own settings, else those of the pipeline, else the defaults.
 * Severities and labels are merged key by key.
 *
 * @param path Path of the detector's own `alerts`, whether or not it has them.
 */
export function resolveAlerts(
  shared: AlertsSection,
  own: AlertsSection,
  defaults: AlertConfig,
  path: Path,
  findings: Findings,
): AlertConfig {
  const defined = { ...shared, ...own };
  const levels = { ...shared.severity, ...own.severity };
  const severity = {
    warning: levels.warning ?? defaults.severity.warning,
    critical: levels.critical ?? defaults.severity.critical,
  };
  if (severity.critical < severity.warning) {
    const at = [...(own.severity === undefined ? ["alerts"] : path), "severity"];
    const message = `critical (${severity.critical}) is below warning (${severity.warning})`;
    findings.fault(at, message);
  }
  const labels = { ...shared.labels, ...own.labels };
  if (Object.keys(labels).length > MAX_LABELS && own.labels !== undefined) {
    const message = `there are more than ${MAX_LABELS} labels, with those of the pipeline`;
    findings.fault([...path, "labels"], message);
  }
  const repeat = defined.repeat ?? defaults.repeatMs;
  return {
    severity,
    budget: defaults.budget === null ? null : (defined.budget ?? defaults.budget),
    for: defined.for ?? defaults.for,
    cooldownMs: defined.cooldown ?? defaults.cooldownMs,
    resolveAfter: defined.resolve_after ?? defaults.resolveAfter,
    repeatMs: repeat === "off" ? null : repeat,
    sendResolved: defined.send_resolved ?? defaults.sendResolved,
    labels,
  };
}
