import type { Contribution } from "../../../page/client/types.ts";
import type { DetectorData, ReasonData, ReportData } from "../../data/report-data.ts";
import { decodeBytes, decodeF32, decodeTimes, decodeU16, decodeU32 } from "./decode.ts";

/** From least to most severe, as in the data. */
export const SEVERITIES = ["info", "warning", "critical"] as const;

/** An episode for display. Times in ms. */
export interface ShownEpisode {
  /** Index into the sensors. */
  readonly sensor: number;
  readonly sensorName: string;
  readonly detector: string;
  /** 0 to 2. */
  readonly rank: number;
  readonly isNotified: boolean;
  readonly started: number;
  readonly last: number;
  /** NaN: open at the end. */
  readonly resolved: number;
  readonly peak: number;
  readonly anomalies: number;
  readonly score: number;
  readonly why: string;
  /** Null: left out to save space. */
  readonly contributions: readonly Contribution[] | null;
  /** Columns of the worst reading; null: left out. */
  readonly reading: readonly (number | null)[] | null;
}

/** All episodes of a report, by start. */
export function shownEpisodes({ episodes, time, sensors, detectors }: ReportData): ShownEpisode[] {
  const sensor = decodeU32(episodes.sensor);
  const detector = decodeU16(episodes.detector);
  const severity = decodeBytes(episodes.severity);
  const notified = decodeBytes(episodes.notified);
  const [started = [], last = [], resolved = [], peak = []] = [
    episodes.started,
    episodes.last,
    episodes.resolved,
    episodes.peak,
  ].map((text) => decodeTimes(text, time));
  const anomalies = decodeU32(episodes.anomalies);
  const score = decodeF32(episodes.score);
  return episodes.reasons.map((reason, i) => {
    const place = sensor[i] ?? 0;
    const by = detectors[detector[i] ?? 0];
    return {
      sensor: place,
      sensorName: sensors[place]?.name ?? "",
      detector: by?.name ?? "",
      rank: severity[i] ?? 0,
      isNotified: notified[i] === 1,
      started: started[i] ?? 0,
      last: last[i] ?? 0,
      resolved: resolved[i] ?? Number.NaN,
      peak: peak[i] ?? 0,
      anomalies: anomalies[i] ?? 0,
      score: score[i] ?? 0,
      ...explained(reason, by),
    };
  });
}

function explained(
  reason: ReasonData | null,
  detector: DetectorData | undefined,
): Pick<ShownEpisode, "why" | "contributions" | "reading"> {
  if (reason === null) return { why: "", contributions: null, reading: null };
  const { why, contributions, reading } = reason;
  return {
    why,
    reading,
    contributions:
      contributions?.map(([input, value, typical, low, high, direction, share]) => ({
        feature: detector?.inputs[input] ?? "",
        value,
        typical,
        usual_range: [low, high],
        direction,
        share,
      })) ?? null,
  };
}
