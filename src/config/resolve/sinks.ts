import { formatDuration } from "../../core/units/duration.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import type { Findings } from "./findings.ts";

/** Warns about receivers that resolve an episode by themselves while it still lasts. */
export function checkSinks(
  { sinks }: PipelineConfig,
  detectors: readonly DetectorPlan[],
  findings: Findings,
): void {
  for (const [i, sink] of sinks.entries()) {
    const type = sinkTypeOf(sink.type);
    const expiresMs = type.expiresAfterMs?.({ ...sink, name: sink.name ?? "" });
    if (expiresMs === undefined) continue;
    const tooRare = detectors.some(
      ({ alerts: { repeatMs } }) => repeatMs === null || repeatMs >= expiresMs,
    );
    if (!tooRare) continue;
    const limit = formatDuration(expiresMs);
    findings.warn(
      ["sinks", i],
      `${type.title} resolves an episode after ${limit} without a new message`,
      `Set alerts.repeat to less than ${limit}: each repeat renews it`,
    );
  }
}
