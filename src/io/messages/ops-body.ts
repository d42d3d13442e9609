import { hashId } from "../../core/alerts/hash-id.ts";
import type { Severity } from "../../core/alerts/severity.ts";
import { TimeText } from "../../core/timestamp/time-text.ts";
import type { AlertBody } from "./alert-schema.ts";
import { fitBody } from "./fit-body.ts";

/** Detector of messages about the running of iotmon itself. */
const OPS_DETECTOR = "iotmon";

/** Something about the running of a pipeline that those who get its alerts should know. */
export interface OpsEvent {
  readonly pipeline: string;
  /** `source_down`, `clock_step` ...: the label `event` of the message. */
  readonly event: string;
  /** What it is about: the short name of a source, a sensor. */
  readonly subject: string;
  /** The column that it is about, and the newest value of it that matters. */
  readonly column?: { readonly name: string; readonly value: number } | undefined;
  readonly status: "firing" | "resolved";
  readonly severity: Severity;
  /** A sentence, without its subject. */
  readonly detail: string;
  /** Ms since epoch: now, and when it began. Clock time, but for what is about readings. */
  readonly atMs: number;
  readonly startedMs: number;
}

/**
 * A message about an {@link OpsEvent}: as those of alerts, without a score.
 *
 * @param labels Of the alerts of its pipeline; `event` is ours.
 */
export function opsBody(about: OpsEvent, labels: Readonly<Record<string, string>> = {}): AlertBody {
  const { pipeline, event, subject, status, severity, detail, atMs, startedMs, column } = about;
  const times = new TimeText();
  const parts = column === undefined ? [] : [column.name];
  const episode = hashId(pipeline, OPS_DETECTOR, event, subject, startedMs, ...parts);
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
    reading: column === undefined ? {} : { [column.name]: column.value },
    peak_at: times.of(startedMs),
    started_at: times.of(startedMs),
    resolved_at: resolved ? times.of(atMs) : null,
    suppressed: 0,
    labels: { ...labels, event },
    truncated: [],
  });
}
