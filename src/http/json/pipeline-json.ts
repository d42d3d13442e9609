import type { z } from "zod";
import { sealedText } from "../../config/sinks/document-secrets.ts";
import { shownSecret } from "../../config/sinks/shown-secret.ts";
import type { Episode } from "../../core/alerts/alert-event.ts";
import { scoresReadings } from "../../core/detectors/registry.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { orNull } from "../../service/live-pipeline/explanations.ts";
import type { LivePipeline } from "../../service/live-pipeline/live-pipeline.ts";
import type { HostedBuffer } from "../../service/registry.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { pipelineListReply } from "../schema/pipelines.ts";
import { progressJson } from "./to-json.ts";

type Summary = z.input<typeof pipelineListReply>["pipelines"][number];

const MASKED = "***";

/** Summary of a pipeline. */
export function pipelineSummaryJson(
  machine: StateMachine,
  name: string,
  file: string | null,
): Summary {
  const { pipeline } = machine.pipeline(name);
  const { currentRows, rowsAppended, sensors, features, detectors } = machine.buffer(name);
  return {
    name,
    origin: file === null ? "http" : "file",
    current_rows: currentRows,
    rows_appended: rowsAppended,
    sensors,
    open_episodes: pipeline.openEpisodes().length,
    features: [...features],
    detectors: [...detectors],
  };
}

/** States of the sensors `from` up to `to` of a pipeline, by number. */
export function sensorStatesJson(
  { pipeline }: HostedBuffer,
  from: number,
  to: number,
): Record<string, unknown> {
  const states: [string, unknown][] = [];
  for (let key = from; key < to; key++) {
    states.push([pipeline.keys.name(key), sensorStateJson(pipeline, key)]);
  }
  return Object.fromEntries(states);
}

function sensorStateJson(pipeline: LivePipeline, key: number): unknown {
  const newest = pipeline.newestRow(key);
  const features = [...(newest?.features ?? [])].map(([name, value]) => [name, orNull(value)]);
  const statuses = pipeline.statuses(key);
  const detectors = pipeline.shape.detectors.map((detector, index) => {
    const progress = scoresReadings(detector.config)
      ? progressJson(pipeline.observations.progress(detector, key))
      : {};
    return [detector.name, { ...progress, open: episodeJson(statuses[index]?.open ?? null) }];
  });
  return {
    timestamp: newest === null ? null : isoTime(newest.time),
    features: Object.fromEntries(features),
    detectors: Object.fromEntries(detectors),
  };
}

function episodeJson(episode: Episode | null): unknown {
  if (episode === null) return null;
  const { id, severity, startedAt, anomalies, notified } = episode;
  return { id, severity, started_at: isoTime(startedAt), anomalies, notified };
}

/** A document with masked secrets of its sinks and its heartbeat. */
export function maskDocument(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return null;
  const { sinks, heartbeat } = document as Readonly<Record<string, unknown>>;
  return {
    ...document,
    ...(Array.isArray(sinks) ? { sinks: sinks.map((sink, i) => maskSink(sink, i)) } : {}),
    ...(heartbeat === undefined ? {} : { heartbeat: maskHeartbeat(heartbeat) }),
  };
}

function maskHeartbeat(heartbeat: unknown): unknown {
  if (typeof heartbeat !== "object" || heartbeat === null) return MASKED;
  const masked = Object.entries(heartbeat).map(([field, value]) => {
    return [field, shownSecret(["heartbeat", field], value) ?? MASKED];
  });
  return Object.fromEntries(masked);
}

function maskSink(sink: unknown, i: number): unknown {
  if (typeof sink !== "object" || sink === null) return MASKED;
  const fields = Object.entries(sink).map(([field, value]) => {
    const mask = (one: unknown): unknown =>
      sealedText(one) === null ? (shownSecret(["sinks", i, field], one) ?? MASKED) : MASKED;
    if (sealedText(value) !== null) return [field, MASKED];
    if (typeof value !== "object" || value === null) return [field, mask(value)];
    if (Array.isArray(value)) return [field, value.map(mask)];
    if (field !== "headers") return [field, value];
    return [field, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mask(v)]))];
  });
  return Object.fromEntries(fields);
}
