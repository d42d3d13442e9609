import type { HeartbeatSettings } from "../io/heartbeat.ts";
import type { PipelineConfig } from "./schema/pipeline.ts";

/** Longest time without a reading where the pipeline says nothing about it, ms. */
const MAX_SILENCE_MS = 900_000;

/** The heartbeat of a pipeline with its defaults; null: it has none. */
export function heartbeatOf({ heartbeat, detectors }: PipelineConfig): HeartbeatSettings | null {
  if (heartbeat === undefined) return null;
  const { url, every: everyMs, max_silence: maxSilence } = heartbeat;
  const silent = detectors.flatMap((rule) => (rule.algorithm === "silent" ? rule.after : []));
  const fallback = Math.max(MAX_SILENCE_MS, ...silent);
  return { url, everyMs, maxSilenceMs: maxSilence === "off" ? null : (maxSilence ?? fallback) };
}
