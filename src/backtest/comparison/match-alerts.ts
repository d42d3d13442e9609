import type { Episode } from "../../core/alerts/alert-event.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import type { EnginePlan } from "../../engine/plan.ts";

/** An alert, as far as two runs are compared. */
export interface AlertSpan {
  readonly sensor: string;
  readonly detector: string;
  readonly severity: Severity;
  /** Event times of its first and last anomalous reading, ms. */
  readonly startedAt: number;
  readonly lastAnomalyAt: number;
  readonly peakScore: number;
}

/** The alerts that two runs share, and those of only one run. */
export interface AlertMatch<T extends AlertSpan> {
  /** By start of the first. */
  readonly pairs: readonly (readonly [T, T])[];
  readonly onlyFirst: readonly T[];
  readonly onlySecond: readonly T[];
}

/** The notified episodes, in their order. */
export function alertSpans(
  episodes: readonly Episode[],
  plan: EnginePlan,
  nameOf: (key: number) => string,
): AlertSpan[] {
  return episodes
    .filter(({ notified }) => notified)
    .map(({ key, detector, severity, startedAt, lastAnomalyAt, peak }) => ({
      sensor: nameOf(key),
      detector: plan.detectors[detector]?.name ?? "",
      severity,
      startedAt,
      lastAnomalyAt,
      peakScore: peak.anomalyScore,
    }));
}

/**
 * Pairs alerts of the same sensor that overlap in time; each alert is in at most one pair. Prefers an
 * alert of the same detector, then the nearest start.
 *
 * @param first By start, as is `second`.
 */
export function matchAlerts<T extends AlertSpan>(
  first: readonly T[],
  second: readonly T[],
): AlertMatch<T> {
  const free = new Map<string, Set<T>>();
  for (const alert of second) {
    const own = free.get(alert.sensor) ?? new Set();
    free.set(alert.sensor, own.add(alert));
  }
  const pairs: (readonly [T, T])[] = [];
  const onlyFirst: T[] = [];
  for (const alert of first) {
    const own = free.get(alert.sensor) ?? new Set();
    const [best] = [...own]
      .filter((other) => touches(alert, other))
      .sort((a, b) => distance(alert, a) - distance(alert, b));
    if (best === undefined) onlyFirst.push(alert);
    else {
      own.delete(best);
      pairs.push([alert, best]);
    }
  }
  const left = new Set([...free.values()].flatMap((own) => [...own]));
  return { pairs, onlyFirst, onlySecond: second.filter((alert) => left.has(alert)) };
}

/** Share of the alerts of two runs that both have, 0..1; 1 without alerts. */
export function overlap(first: readonly AlertSpan[], second: readonly AlertSpan[]): number {
  const all = first.length + second.length;
  return all === 0 ? 1 : (2 * matchAlerts(first, second).pairs.length) / all;
}

function touches(a: AlertSpan, b: AlertSpan): boolean {
  return a.startedAt <= b.lastAnomalyAt && b.startedAt <= a.lastAnomalyAt;
}

/** 0 for equal alerts; below 1 for the same detector, at least 1 for another one. */
function distance(a: AlertSpan, b: AlertSpan): number {
  const apart = Math.abs(a.startedAt - b.startedAt);
  return a.detector === b.detector ? apart / (1 + apart) : 1 + apart;
}
