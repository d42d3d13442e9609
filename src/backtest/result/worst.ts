import type { Episode } from "../../core/alerts/alert-event.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";

/** Order of episodes: the worst first, of equally bad ones the earliest. */
export function byWorst(a: Episode, b: Episode): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.peak.anomalyScore - a.peak.anomalyScore ||
    b.peak.rawScore - a.peak.rawScore ||
    a.startedAt - b.startedAt
  );
}

/** The `most` worst episodes, in order of their start. */
export function worst(episodes: readonly Episode[], most: number): Episode[] {
  return [...episodes]
    .sort(byWorst)
    .slice(0, most)
    .sort((a, b) => a.startedAt - b.startedAt || a.key - b.key || a.detector - b.detector);
}
