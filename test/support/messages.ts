import type { AlertBody } from "../../src/io/messages/alert-schema.ts";
import type { OutboundMessage } from "../../src/io/sinks/sink.ts";

/** A message about a critical drop of pump-1, with `changes`. */
export function bodyOf(changes: Partial<AlertBody> = {}): AlertBody {
  return {
    source: "iotmon",
    sensor_id: "pump-1",
    anomaly_score: 0.98,
    features: { value: 2.08 },
    timestamp: "2024-05-01T12:05:00.000Z",
    id: "m1",
    episode: "e1",
    status: "firing",
    severity: "critical",
    previous_severity: null,
    pipeline: "pumps",
    detector: "anomaly",
    raw_score: 30.5,
    threshold: 18.4,
    p: 1 / 4321,
    rarity: "1 in 4300",
    explanation: {
      summary: "pump-1: value 2.08 low (usually 71.3..98, typical 84.1), 1 in 4300 readings.",
      contributions: [],
      novel: [],
      rule: null,
    },
    reading: { value: 2.08 },
    peak_at: "2024-05-01T12:05:00.000Z",
    started_at: "2024-05-01T12:00:00.000Z",
    resolved_at: null,
    suppressed: 0,
    labels: { team: "facilities" },
    truncated: [],
    ...changes,
  };
}

/** The same with its JSON. */
export function messageOf(changes: Partial<AlertBody> = {}): OutboundMessage {
  const body = bodyOf(changes);
  return { body, json: JSON.stringify(body) };
}
