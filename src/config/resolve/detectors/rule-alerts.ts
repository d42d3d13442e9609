import type { AlertConfig } from "../../../core/alerts/config.ts";
import { levelsOf } from "../../../core/alerts/severity.ts";
import type { Path } from "../../document.ts";
import type { AlertsSection } from "../../schema/alerts.ts";
import type { DetectorEntry } from "../../schema/detectors/detectors.ts";
import type { Findings } from "../findings.ts";
import { resolveAlerts } from "./alerts.ts";

type RuleEntry = Exclude<DetectorEntry, { readonly algorithm: "ecod" }>;

const AT_ONCE = { kind: "rows", need: 1, of: 1 } as const;
const NEXT_READING = { kind: "rows", rows: 1 } as const;

/**
 * The alert policy of a rule. A rule has a fixed severity instead of score levels. Rules with `after` have no
 * `for`. An episode of a silent sensor ends with its next reading.
 *
 * @param path Where the detector's own section is, or would be.
 */
export function resolveRuleAlerts(
  shared: AlertsSection,
  { algorithm, severity, alerts: own = {} }: RuleEntry,
  path: Path,
  findings: Findings,
): AlertConfig {
  if (own.severity !== undefined) {
    const hint = "Give `severity: critical` beside `algorithm`";
    findings.fault([...path, "severity"], `${algorithm} has no score to hold against`, hint, "key");
  }
  const lasts = algorithm === "stuck" || algorithm === "silent";
  if (lasts && own.for !== undefined) {
    findings.fault([...path, "for"], `${algorithm} has none`, "Raise `after` instead", "key");
  }
  if (algorithm === "silent" && own.resolve_after !== undefined) {
    const message = "silent has none: it ends with the next reading";
    findings.fault([...path, "resolve_after"], message, "Leave it out", "key");
  }
  const { severity: _, ...settings } = own;
  const resolved = resolveAlerts({ ...shared, severity: undefined }, settings, path, findings);
  return {
    ...resolved,
    severity: levelsOf(severity),
    for: lasts ? AT_ONCE : resolved.for,
    resolveAfter: algorithm === "silent" ? NEXT_READING : resolved.resolveAfter,
  };
}
