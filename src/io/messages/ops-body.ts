import { hashId } from "../../core/alerts/hash-id.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import type { AlertBody } from "./alert-schema.ts";
import { fitBody } from "./fit-body.ts";
import { TimeText } from "./time-text.ts";

/** Detector of messages about the running of iotmon itself. */
const OPS_DETECTOR = "iotmon";

/** Something about the running of a pipeline that those who get its alerts should know. */
export interface OpsEvent {
  readonly pipeline: string;
  /** `source_down`, `clock_step` ...: the label `event` of the message. */
  readonly event: string;
  /** What it is about: the short name of a source. */
  readonly subject: string;
  readonly status: "firing" | "resolved";
  readonly severity: Severity;
  /** A sentence, without its subject. */
  readonly detail: string;
  /** Clock time, ms since epoch: now, and when it began. */
  readonly atMs: number;
  readonly startedMs: number;
}

/**
 * A message about an {@link OpsEvent}: as those of alerts, without a reading.
 *
 * @param labels Of the alerts of its pipeline; `event` is ours.
 */
export function opsBody(about: OpsEvent, labels: Readonly<Record<string, string>> = {}): AlertBody {
  const { pipeline, event, subject, status, severity, detail, atMs, startedMs } = about;
  const times = new TimeText();
  const episode = hashId(pipeline, OPS_DETECTOR, event, subject, startedMs);
  const resolved = status === "resolved";
  return fitBody({
    source: "iotmon",
    sensor_id: subject,
    anomaly_score: 1,
    features: {},
    timestamp: times.of(atMs),
    id: hashId(episode, status),
    episode,
    status,
    severity,
    previous_severity: resolved ? severity : null,
    pipeline,
    detector: OPS_DETECTOR,
    raw_score: null,
    threshold: null,
    p: null,
    rarity: null,
    explanation: {
      summary: `${subject}: ${detail}`,
      contributions: [],
      novel: [],
      rule: event,
    },
    reading: {},
    peak_at: times.of(startedMs),
    started_at: times.of(startedMs),
    resolved_at: resolved ? times.of(atMs) : null,
    suppressed: 0,
    labels: { ...labels, event },
    truncated: [],
  });
}
