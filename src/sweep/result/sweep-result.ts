import type { PartOutcome, SettingOutcome } from "../run/run-settings.ts";
import type { Setting, SweepAxis } from "../settings/sweep-axis.ts";
import type { SweepGoal } from "./sweep-goal.ts";
import { ranked } from "./sweep-metrics.ts";

/** A completed sweep. */
export interface SweepResult extends SweepGoal {
  readonly axes: readonly SweepAxis[];
  readonly settings: readonly Setting[];
  /** One per setting. */
  readonly outcomes: readonly SettingOutcome[];
  /** The result of the unchanged pipeline. */
  readonly asIs: SettingOutcome;
  /** Index of the setting that equals the unchanged pipeline; -1: none. */
  readonly asIsIndex: number;
  /** Share of the readings that are held out. */
  readonly holdout: number;
}

/** Setting indices in display order: best first, or unchanged without labels. */
export function order({ outcomes, optimize, detector }: SweepResult): readonly number[] {
  if (optimize === null) return outcomes.map((_, i) => i);
  const metrics = outcomes.flatMap(({ tuned }) => tuned.labels[detector] ?? []);
  return ranked(metrics, optimize);
}

/** Index of the best setting; null without labels or scored events. */
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

/** Alerts per day of event time; NaN for an empty time span. */
export function alertsPerDay(part: PartOutcome): number {
  const days = (part.to - part.from) / 86_400_000;
  return days > 0 ? alertCount(part) / days : Number.NaN;
}
