/** From least to most severe; the index is the rank. */
export const SEVERITIES = ["info", "warning", "critical"] as const;

/** How bad an anomaly is. */
export type Severity = (typeof SEVERITIES)[number];

/** Scores strictly above which an anomaly is a warning, and critical. */
export interface SeverityLevels {
  readonly warning: number;
  readonly critical: number;
}

/** Levels by which every anomaly of a rule, whose score is 1, has one severity. */
export function levelsOf(severity: Severity): SeverityLevels {
  return { warning: severity === "info" ? 1 : 0, critical: severity === "critical" ? 0 : 1 };
}

/** Rank of an anomaly with this score, as an index into {@link SEVERITIES}. */
export function severityRank(anomalyScore: number, levels: SeverityLevels): number {
  if (anomalyScore > levels.critical) return 2;
  return anomalyScore > levels.warning ? 1 : 0;
}
