import type { Episode } from "../../core/alerts/alert-event.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";

/** Order of episodes: worst first; earlier first if equal. */
export function byWorst(a: Episode, b: Episode): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.peak.anomalyScore - a.peak.anomalyScore ||
    b.peak.rawScore - a.peak.rawScore ||
    a.startedAt - b.startedAt
  );
}

/** The `most` worst episodes, by start. */
export function worst(episodes: readonly Episode[], most: number): Episode[] {
  return [...episodes]
    .sort(byWorst)
    .slice(0, most)
    .sort((a, b) => a.startedAt - b.startedAt || a.key - b.key || a.detector - b.detector);
}
