import type { AlertConfig } from "../../../core/alerts/config.ts";
import type { Path } from "../../document.ts";
import { type AlertsSection, MAX_LABELS } from "../../schema/alerts.ts";
import type { Findings } from "../findings.ts";

const DEFAULTS: AlertConfig = {
  severity: { warning: 0.85, critical: 0.95 },
  for: { kind: "rows", need: 1, of: 1 },
  cooldownMs: 3_600_000,
  resolveAfter: { kind: "rows", rows: 12 },
  repeatMs: null,
  sendResolved: true,
  labels: {},
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
  path: Path,
  findings: Findings,
): AlertConfig {
  const defined = { ...shared, ...own };
  const levels = { ...shared.severity, ...own.severity };
  const severity = {
    warning: levels.warning ?? DEFAULTS.severity.warning,
    critical: levels.critical ?? DEFAULTS.severity.critical,
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
  const repeat = defined.repeat ?? DEFAULTS.repeatMs;
  return {
    severity,
    for: defined.for ?? DEFAULTS.for,
    cooldownMs: defined.cooldown ?? DEFAULTS.cooldownMs,
    resolveAfter: defined.resolve_after ?? DEFAULTS.resolveAfter,
    repeatMs: repeat === "off" ? null : repeat,
    sendResolved: defined.send_resolved ?? DEFAULTS.sendResolved,
    labels,
  };
}
