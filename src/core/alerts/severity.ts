/** From least to most severe; the index is the rank. */
export const SEVERITIES = ["info", "warning", "critical"] as const;

/** Severity of an anomaly. */
export type Severity = (typeof SEVERITIES)[number];

/** An anomaly is a warning or critical if its score is above these scores. */
export interface SeverityLevels {
  readonly warning: number;
  readonly critical: number;
}

/** Levels by which every anomaly of a rule, whose score is 1, has one severity. */
export function levelsOf(severity: Severity): SeverityLevels {
  return { warning: severity === "info" ? 1 : 0, critical: severity === "critical" ? 0 : 1 };
}

/** Index into {@link SEVERITIES} of a reading with this score; -1: the reading is not anomalous. */
export function severityRank(
  isAnomaly: boolean,
  anomalyScore: number,
  levels: SeverityLevels,
): number {
  if (!isAnomaly) return -1;
  if (anomalyScore > levels.critical) return 2;
  return anomalyScore > levels.warning ? 1 : 0;
}

/** Severity of a reading with this score; null: the reading is not anomalous. */
export function severityOf(
  isAnomaly: boolean,
  anomalyScore: number,
  levels: SeverityLevels,
): Severity | null {
  return SEVERITIES[severityRank(isAnomaly, anomalyScore, levels)] ?? null;
}
