import {
  type InferredPipeline,
  type InferSource,
  inferPipeline,
} from "../../config/infer/infer.ts";
import { resolvePipeline } from "../../config/resolve.ts";
import type { Readings } from "../../io/readings.ts";

/**
 * Infers a pipeline for recordings: first to learn how their times are written, then with the time that they span.
 *
 * @throws {IotmonError} As `inferPipeline`.
 */
export async function inferRecording(
  readings: Readings,
  source: Omit<InferSource, "stem" | "spanMs">,
): Promise<InferredPipeline> {
  const { profile, first } = readings;
  const named = { ...source, stem: first.stem };
  const { layout } = resolvePipeline(inferPipeline(profile, named).pipeline, profile, first.stem);
  const span = await readings.span(layout);
  const spanMs = span === null ? undefined : span.to - span.from;
  return inferPipeline(profile, { ...named, spanMs });
}
