import { SEVERITIES, type Severity } from "../../core/alerts/severity.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { LabelPattern } from "./label-pattern.ts";

/** Accepted values of a label: texts or regular expressions. */
interface LabelMatcher {
  readonly label: string;
  readonly values: readonly (string | LabelPattern)[];
}

/** The messages that a sink accepts. */
export interface SinkFilter {
  readonly minSeverity: Severity;
  readonly sendResolved: boolean;
  /** All conditions must hold. */
  readonly match: readonly LabelMatcher[];
}

/** Fields of a message that can be matched like labels; they come before labels of the same name. */
const BUILT_IN_LABELS = [
  "sensor_id",
  "detector",
  "pipeline",
  "severity",
  "status",
] as const satisfies readonly (keyof AlertBody)[];

/** Whether a sink accepts a message. A label that the message lacks matches nothing. */
export function acceptsMessage(filter: SinkFilter, body: AlertBody): boolean {
  if (!filter.sendResolved && body.status === "resolved") return false;
  if (SEVERITIES.indexOf(body.severity) < SEVERITIES.indexOf(filter.minSeverity)) return false;
  return filter.match.every(({ label, values }) => {
    const text = labelOf(body, label);
    if (text === undefined) return false;
    return values.some((value) => (typeof value === "string" ? value === text : value.test(text)));
  });
}

function labelOf(body: AlertBody, label: string): string | undefined {
  const builtIn = BUILT_IN_LABELS.find((name) => name === label);
  if (builtIn !== undefined) return body[builtIn];
  return Object.hasOwn(body.labels, label) ? body.labels[label] : undefined;
}
