import { type AlertSpan, matchAlerts } from "./match-alerts.ts";

/** An alert that two pipelines do not both raise in the same way. */
export interface AlertChange {
  readonly kind: "gained" | "lost" | "moved" | "changed" | "moved+changed";
  /** As the first pipeline raises it; null: it does not. */
  readonly first: AlertSpan | null;
  readonly second: AlertSpan | null;
}

/** What changes from one pipeline to another over the same readings. */
export interface AlertComparison {
  /** Alerts of the second pipeline that the first has none for, and the other way round. */
  readonly gained: number;
  readonly lost: number;
  /** Alerts of both that start at another time, or have another severity; some do both. */
  readonly moved: number;
  readonly changed: number;
  /** Alerts that are alike in both. */
  readonly same: number;
  /** All that are not alike, by start. */
  readonly changes: readonly AlertChange[];
}

/** Holds the alerts of two pipelines against each other. @param first By start, as is `second`. */
export function compareAlerts(
  first: readonly AlertSpan[],
  second: readonly AlertSpan[],
): AlertComparison {
  const { pairs, onlyFirst, onlySecond } = matchAlerts(first, second);
  const differing = pairs.flatMap(([a, b]): AlertChange[] => {
    const moved = a.startedAt !== b.startedAt;
    const changed = a.severity !== b.severity;
    if (!moved && !changed) return [];
    const kind = moved && changed ? "moved+changed" : moved ? "moved" : "changed";
    return [{ kind, first: a, second: b }];
  });
  const changes = [
    ...onlyFirst.map((alert) => ({ kind: "lost", first: alert, second: null }) as const),
    ...onlySecond.map((alert) => ({ kind: "gained", first: null, second: alert }) as const),
    ...differing,
  ];
  return {
    gained: onlySecond.length,
    lost: onlyFirst.length,
    moved: differing.filter(({ kind }) => kind.startsWith("moved")).length,
    changed: differing.filter(({ kind }) => kind.endsWith("changed")).length,
    same: pairs.length - differing.length,
    changes: changes.toSorted((a, b) => startOf(a) - startOf(b)),
  };
}

function startOf({ first, second }: AlertChange): number {
  return Math.min(
    first?.startedAt ?? Number.POSITIVE_INFINITY,
    second?.startedAt ?? Number.POSITIVE_INFINITY,
  );
}

/** A comparison as JSON; times in ISO 8601 UTC. */
export function comparisonBody(comparison: AlertComparison): Record<string, unknown> {
  const { changes, ...counts } = comparison;
  return {
    ...counts,
    changes: changes.map(({ kind, first, second }) => ({
      change: kind,
      sensor_id: (first ?? second)?.sensor,
      first: spanBody(first),
      second: spanBody(second),
    })),
  };
}

function spanBody(alert: AlertSpan | null): Record<string, unknown> | null {
  if (alert === null) return null;
  return {
    detector: alert.detector,
    severity: alert.severity,
    started_at: new Date(alert.startedAt).toISOString(),
    last_anomaly_at: new Date(alert.lastAnomalyAt).toISOString(),
    peak_anomaly_score: alert.peakScore,
  };
}
