import { overlap } from "../../backtest/comparison/match-alerts.ts";
import { finiteOrNull, isoOrNull } from "../../backtest/result/json-values.ts";
import { labelNumbers } from "../../backtest/result/label-body.ts";
import type { PartOutcome } from "../run/run-settings.ts";
import { alertsPerDay, best, order, type SweepResult } from "./sweep-result.ts";

/** A sweep result as a JSON document. */
export function sweepBody(
  result: SweepResult,
  read: {
    readonly pipeline: string;
    readonly inputs: readonly string[];
    readonly rejected: number;
  },
): Record<string, unknown> {
  const { axes, settings, outcomes, asIs, optimize } = result;
  const valuesOf = (s: number): Record<string, unknown> =>
    Object.fromEntries(axes.map(({ name }, i) => [name, settings[s]?.[i]]));
  const chosen = best(result);
  const shown = order(result);
  const spans = shown.map((s) => outcomes[s]?.tuned.spans ?? []);
  return {
    ...read,
    optimize,
    detector: result.detectorName,
    holdout: result.holdout,
    tuned_on: partSpan(asIs.tuned),
    held_out_on: asIs.heldOut === null ? null : partSpan(asIs.heldOut),
    best:
      chosen === null
        ? null
        : {
            values: valuesOf(chosen),
            tuned: partBody(outcomes[chosen]?.tuned),
            held_out: partBody(outcomes[chosen]?.heldOut),
          },
    as_it_is: { tuned: partBody(asIs.tuned), held_out: partBody(asIs.heldOut) },
    // only the best has held-out numbers: choosing by them would defeat the holdout
    settings: shown.map((s) => ({ values: valuesOf(s), tuned: partBody(outcomes[s]?.tuned) })),
    overlap: spans.map((one) => spans.map((other) => overlap(one, other))),
  };
}

function partSpan({ from, to, reported }: PartOutcome): Record<string, unknown> {
  return { from: isoOrNull(from), to: isoOrNull(to), readings: reported };
}

function partBody(part: PartOutcome | null | undefined): Record<string, unknown> | null {
  if (part === null || part === undefined) return null;
  return {
    alerts: part.alerts,
    alerts_per_day: finiteOrNull(alertsPerDay(part)),
    withheld: part.suppressed,
    detectors: part.detectors.map(({ name, scored, anomalies, episodes }) => ({
      name,
      scored,
      anomalies,
      episodes,
      alarm_rate: finiteOrNull(anomalies / scored),
    })),
    labels: part.labels.map(labelNumbers),
  };
}
