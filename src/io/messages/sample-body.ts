import { isoTime } from "../../core/timestamp/iso-time.ts";
import type { AlertBody } from "./alert-schema.ts";

/**
 * A made-up message, plain to see as such, of the shape of real ones.
 *
 * @param at ms since epoch; its id and episode come from it.
 */
export function sampleBody(pipeline: string, at: number): AlertBody {
  const time = isoTime(at);
  const value = 48.5;
  return {
    source: "iotmon",
    sensor_id: "test-sensor",
    anomaly_score: 0.97,
    features: { value },
    timestamp: time,
    id: `test-${at}`,
    episode: `test-episode-${at}`,
    status: "firing",
    severity: "critical",
    previous_severity: null,
    pipeline,
    detector: "test",
    raw_score: 21.4,
    threshold: 14.2,
    p: 0.0001,
    rarity: "1 in 10000",
    explanation: {
      summary: "test-sensor: this is a test message, nothing is wrong.",
      contributions: [
        {
          feature: "value",
          value,
          typical: 21.5,
          usual_range: [19, 24],
          direction: "high",
          share: 1,
        },
      ],
      novel: [],
      rule: null,
    },
    reading: { value },
    peak_at: time,
    started_at: time,
    resolved_at: null,
    suppressed: 0,
    labels: {},
    truncated: [],
  };
}
