import type { Setting, SweepAxis } from "../config/sweep/sweep-axis.ts";
import { type MetricName, ranked } from "./optimize.ts";
import type { PartOutcome, SettingOutcome } from "./run-settings.ts";

/** A sweep that has run. */
export interface SweepResult {
  readonly axes: readonly SweepAxis[];
  readonly settings: readonly Setting[];
  /** One a setting. */
  readonly outcomes: readonly SettingOutcome[];
  /** What the pipeline comes to as it is. */
  readonly asIs: SettingOutcome;
  /** Setting that leaves it so; -1: none does. */
  readonly asIsIndex: number;
  /** Index of the detector that settings are judged by. */
  readonly detector: number;
  readonly detectorName: string;
  /** Null: there are no labels to judge by. */
  readonly optimize: MetricName | null;
  /** Share of the readings held out. */
  readonly holdout: number;
}

/** Settings as they are shown: from the best to the worst, or without labels in their order. */
export function order({ outcomes, optimize, detector }: SweepResult): readonly number[] {
  if (optimize === null) return outcomes.map((_, i) => i);
  const metrics = outcomes.flatMap(({ tuned }) => tuned.labels[detector] ?? []);
  return ranked(metrics, optimize);
}

/** The best setting; null when there is nothing to choose by. */
export function best(result: SweepResult): number | null {
  const [first] = order(result);
  if (result.optimize === null || first === undefined) return null;
  const events = result.outcomes[first]?.tuned.labels[result.detector]?.events;
  return events === undefined || events.found + events.missed === 0 ? null : first;
}

/** Alerts of all severities. */
export function alertCount({ alerts }: PartOutcome): number {
  return alerts.info + alerts.warning + alerts.critical;
}

/** Alerts a day of event time; NaN when that is no time. */
export function alertsPerDay(part: PartOutcome): number {
  const days = (part.to - part.from) / 86_400_000;
  return days > 0 ? alertCount(part) / days : Number.NaN;
}
