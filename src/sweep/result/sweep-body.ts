import { overlap } from "../../backtest/comparison/match-alerts.ts";
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
  return { from: iso(from), to: iso(to), readings: reported };
}

function partBody(part: PartOutcome | null | undefined): Record<string, unknown> | null {
  if (part === null || part === undefined) return null;
  const perDay = alertsPerDay(part);
  return {
    alerts: part.alerts,
    alerts_per_day: Number.isNaN(perDay) ? null : perDay,
    withheld: part.suppressed,
    detectors: part.detectors.map(({ name, scored, anomalies, episodes }) => ({
      name,
      scored,
      anomalies,
      episodes,
      alarm_rate: scored === 0 ? null : anomalies / scored,
    })),
    labels: part.labels.map(labelNumbers),
  };
}

function iso(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
