import { isoOrNull } from "../result/json-values.ts";
import { type AlertSpan, matchAlerts } from "./match-alerts.ts";

/** A difference between the alerts of two pipelines. */
export interface AlertChange {
  readonly kind: "gained" | "lost" | "moved" | "changed" | "moved+changed";
  /** The alert of the first pipeline; null: it raises none. */
  readonly first: AlertSpan | null;
  readonly second: AlertSpan | null;
}

/** The differences between the alerts of two pipelines over the same readings. */
export interface AlertComparison {
  /** Alerts of only the second pipeline, and of only the first. */
  readonly gained: number;
  readonly lost: number;
  /** Alerts of both with a different start, or a different severity; some have both. */
  readonly moved: number;
  readonly changed: number;
  /** Alerts that are equal in both. */
  readonly same: number;
  /** All differences, by start. */
  readonly changes: readonly AlertChange[];
}

/** Compares the alerts of two pipelines. @param first By start, as is `second`. */
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
    started_at: isoOrNull(alert.startedAt),
    last_anomaly_at: isoOrNull(alert.lastAnomalyAt),
    peak_anomaly_score: alert.peakScore,
  };
}
