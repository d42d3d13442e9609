import type { AlertComparison } from "../../../backtest/comparison/compare-alerts.ts";
import { IotmonError } from "../../../core/errors.ts";
import type { Check } from "./fail-on-check.ts";
import type { RecordingOutcome } from "./run/replay-recording.ts";

/** @throws {IotmonError} `ERR_USAGE` when a check needs labels, and there are none. */
export function requireLabels(checks: readonly Check[], label: string | null): void {
  const check = checks.find(({ needsLabels }) => needsLabels);
  if (check === undefined || label !== null) return;
  throw new IotmonError("ERR_USAGE", `--fail-on ${check.count} needs labels, and there are none`, {
    hint: "Name their column or file with --labels",
  });
}

/**
 * The `--fail-on` checks that are true, each with its count over all replays.
 *
 * @param comparison Has the counts of `gained` and `lost`; undefined: nothing was compared.
 */
export function failedChecks(
  checks: readonly Check[],
  outcomes: readonly RecordingOutcome[],
  comparison?: AlertComparison,
): string[] {
  return checks.flatMap(({ text, count, holds }) => {
    const total =
      comparison !== undefined && (count === "gained" || count === "lost")
        ? comparison[count]
        : outcomes.reduce((sum, outcome) => sum + countOf(count, outcome), 0);
    return holds(total) ? [`failed: ${text} (${count}: ${total})`] : [];
  });
}

function countOf(count: string, { result, rejects }: RecordingOutcome): number {
  const { alerts, labels } = result;
  if (count === "alerts") return alerts.info + alerts.warning + alerts.critical;
  if (count === "info" || count === "warning" || count === "critical") return alerts[count];
  if (count === "rejects") return rejects.total;
  return labels.reduce(
    (sum, { events, falseAlarms }) => sum + (count === "missed" ? events.missed : falseAlarms),
    0,
  );
}
