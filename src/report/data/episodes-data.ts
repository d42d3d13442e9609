import { byWorst } from "../../backtest/result/worst.ts";
import type { Episode } from "../../core/alerts/alert-event.ts";
import { SEVERITIES } from "../../core/alerts/severity.ts";
import type { Contribution } from "../../core/detectors/detector.ts";
import type { KeyTable } from "../../core/key-table.ts";
import type { DetectorPlan, EnginePlan } from "../../engine/plan.ts";
import { explainShort } from "../../io/messages/explanation-text.ts";
import { detectorOfSensor } from "../../io/messages/sensor-names.ts";
import { encodeArray, encodeTimes, encodeValues, shortNumber } from "./encode.ts";
import type { ContributionData, EpisodesData, ReasonData, TimeCode } from "./report-data.ts";

/** Maximum number of episodes in a report; only a run that alarms nearly always has more. */
const MAX_LISTED = 6000;
/** Limits for explanations, characters: in full up to the first, as a sentence up to the second. */
const ROOM_FOR_ALL = 150_000;
const ROOM_FOR_WHY = 230_000;

/**
 * The episodes of a run. Above the limits, it keeps the worst episodes, and full explanations of the very
 * worst.
 *
 * @param place Index of a key's sensor.
 */
export function episodesData(
  episodes: readonly Episode[],
  plan: EnginePlan,
  keys: KeyTable,
  place: (key: number) => number,
  time: TimeCode,
): EpisodesData {
  const ranked = [...episodes].sort((a, b) => +b.notified - +a.notified || byWorst(a, b));
  const kept = ranked.slice(0, MAX_LISTED);
  const reasons = reasonsOf(kept, plan, keys);
  const listed = episodes.filter((episode) => reasons.has(episode));
  const times = (pick: (episode: Episode) => number): string => encodeTimes(listed.map(pick), time);
  return {
    sensor: encodeArray(Uint32Array.from(listed, ({ key }) => place(key))),
    detector: encodeArray(Uint16Array.from(listed, ({ detector }) => detector)),
    severity: encodeArray(Uint8Array.from(listed, ({ severity }) => SEVERITIES.indexOf(severity))),
    notified: encodeArray(Uint8Array.from(listed, ({ notified }) => +notified)),
    started: times(({ startedAt }) => startedAt),
    last: times(({ lastAnomalyAt }) => lastAnomalyAt),
    resolved: times(({ resolvedAt }) => resolvedAt),
    peak: times(({ peak }) => peak.timestamp),
    anomalies: encodeArray(Uint32Array.from(listed, ({ anomalies }) => anomalies)),
    score: encodeValues(
      listed.map(({ peak }) => peak.anomalyScore),
      0,
    ),
    reasons: listed.map((episode) => reasons.get(episode) ?? null),
    left_out: episodes.length - listed.length,
  };
}

/** @param ranked The most important first. */
function reasonsOf(
  ranked: readonly Episode[],
  plan: EnginePlan,
  keys: KeyTable,
): ReadonlyMap<Episode, ReasonData | null> {
  let used = 0;
  return new Map(
    ranked.map((episode) => {
      if (used > ROOM_FOR_WHY) return [episode, null];
      const detector = plan.detectors[episode.detector];
      if (!detector) throw new RangeError(`The plan has no detector ${episode.detector}`);
      const own = detectorOfSensor(plan, detector, keys.name(episode.key));
      const reason = reasonOf(episode, own, used < ROOM_FOR_ALL);
      used += JSON.stringify(reason).length;
      return [episode, reason];
    }),
  );
}

function reasonOf({ peak }: Episode, detector: DetectorPlan, inFull: boolean): ReasonData {
  const why = explainShort(peak, detector);
  if (!inFull) return { why, contributions: null, reading: null };
  return {
    why,
    contributions: peak.explanation.contributions.map(contributionData),
    reading: Array.from(peak.reading, shortNumber),
  };
}

function contributionData(contribution: Contribution): ContributionData {
  const { input, value, typical, low, high, side, share } = contribution;
  return [
    input,
    shortNumber(value),
    shortNumber(typical),
    shortNumber(low),
    shortNumber(high),
    side,
    Number.isFinite(share) ? Number(share.toFixed(3)) : null,
  ];
}
