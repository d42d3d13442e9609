import { z } from "zod";
import type { AlertConfig } from "../../core/alerts/config.ts";
import { levelsOf } from "../../core/alerts/severity.ts";
import { type DetectorAlgorithm, scoresReadings } from "../../core/detectors/registry.ts";
import { duration, severity, text } from "../../io/setting-values.ts";
import type { Path } from "../document.ts";
import { RULE_ALERTS, resolveAlerts } from "../resolve/detectors/alerts.ts";
import type { Findings } from "../resolve/findings.ts";
import { type AlertsSection, alertsSchema } from "../schema/alerts.ts";
import type { DetectorContext, DetectorType, ResolvedDetector } from "./detector-type.ts";

/** Settings of every rule. */
const shared = {
  name: text,
  severity: severity
    .default("warning")
    .describe("Severity of its alerts: info, warning or critical."),
  alerts: alertsSchema.optional().describe("Overrides of `alerts` for this detector."),
};

/** A duration above zero. */
export const lasting = duration.refine((ms) => ms > 0, { error: "must be above zero" });

/** A limit of a rule. */
export const limit = z.number().min(0);

type RuleSchema<Algorithm extends DetectorAlgorithm, Fields extends z.ZodRawShape> = z.ZodObject<
  { algorithm: z.ZodLiteral<Algorithm> } & Fields & typeof shared,
  z.core.$strict
>;

/** A detector that learns nothing: it has a severity instead of a score. */
interface Rule<Algorithm extends DetectorAlgorithm, Fields extends z.ZodRawShape> {
  readonly algorithm: Algorithm;
  /**
   * Settings, each with its description, beside those that all rules have. A rule with `after` waits
   * itself, so its alerts have no `for`.
   */
  readonly fields: Fields;
  /** See {@link DetectorType}. */
  namedInputs(settings: z.output<z.ZodObject<Fields>>): readonly string[];
  resolve(
    settings: z.output<z.ZodObject<Fields>>,
    context: DetectorContext,
  ): ResolvedDetector | null;
}

/** Makes the type of a detector that is a rule. */
export function ruleType<const Algorithm extends DetectorAlgorithm, Fields extends z.ZodRawShape>(
  rule: Rule<Algorithm, Fields>,
): DetectorType<RuleSchema<Algorithm, Fields>> {
  const { algorithm, fields } = rule;
  const schema = z.strictObject({ algorithm: z.literal(algorithm), ...fields, ...shared });
  return {
    algorithm,
    schema: schema as unknown as RuleSchema<Algorithm, Fields>,
    namedInputs: (settings) => rule.namedInputs(settings as z.output<z.ZodObject<Fields>>),
    resolve: (settings, context) =>
      rule.resolve(settings as z.output<z.ZodObject<Fields>>, context),
    sharesBudget: () => false,
    resolveAlerts: (settings, ofPipeline, path, findings) =>
      resolveRuleAlerts(
        algorithm,
        "after" in fields,
        settings as z.output<z.ZodObject<typeof shared>>,
        ofPipeline,
        path,
        findings,
      ),
  };
}

const AT_ONCE = { kind: "rows", need: 1, of: 1 } as const;
const NEXT_READING = { kind: "rows", rows: 1 } as const;

/**
 * A rule has a fixed severity instead of score levels. An episode of a rule that scores no readings ends
 * with the next reading.
 */
function resolveRuleAlerts(
  algorithm: DetectorAlgorithm,
  waits: boolean,
  { severity: level, alerts: own = {} }: z.output<z.ZodObject<typeof shared>>,
  ofPipeline: AlertsSection,
  path: Path,
  findings: Findings,
): AlertConfig {
  const scores = scoresReadings({ algorithm });
  if (own.severity !== undefined) {
    const hint = "Give `severity: critical` beside `algorithm`";
    findings.fault(
      [...path, "severity"],
      `${algorithm} has no score for these levels`,
      hint,
      "key",
    );
  }
  if (waits && own.for !== undefined) {
    findings.fault(
      [...path, "for"],
      `${algorithm} takes no \`for\``,
      "Raise `after` instead",
      "key",
    );
  }
  if (!scores && own.resolve_after !== undefined) {
    const message = `${algorithm} takes no \`resolve_after\`: it ends with the next reading`;
    findings.fault([...path, "resolve_after"], message, "Leave it out", "key");
  }
  if (own.budget !== undefined) {
    const message = `${algorithm} takes no \`budget\`: it alarms whenever its rule is met`;
    findings.fault([...path, "budget"], message, "Leave it out", "key");
  }
  const { severity: _, ...settings } = own;
  const defaults = { ...ofPipeline, severity: undefined };
  const resolved = resolveAlerts(defaults, settings, RULE_ALERTS, path, findings);
  return {
    ...resolved,
    severity: levelsOf(level),
    for: waits ? AT_ONCE : resolved.for,
    resolveAfter: scores ? resolved.resolveAfter : NEXT_READING,
  };
}
