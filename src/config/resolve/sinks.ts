import { formatDuration } from "../../core/units/duration.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import type { Findings } from "./findings.ts";

/** Warns where a receiver would take an episode for resolved that still goes on. */
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
      `an episode that lasts longer than ${limit} is taken for resolved by ${type.title}`,
      `Set alerts.repeat to less than ${limit}: each repeat renews it`,
    );
  }
}
