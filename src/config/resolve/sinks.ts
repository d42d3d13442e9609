import { formatDuration } from "../../core/duration.ts";
import type { DetectorPlan } from "../../engine/plan.ts";
import type { PipelineConfig } from "../schema/pipeline.ts";
import type { Findings } from "./findings.ts";

/** Warns where Alertmanager would take an episode for resolved that still goes on. */
export function checkSinks(
  { sinks }: PipelineConfig,
  detectors: readonly DetectorPlan[],
  findings: Findings,
): void {
  for (const [i, sink] of sinks.entries()) {
    if (sink.type !== "alertmanager") continue;
    const tooRare = detectors.some(
      ({ alerts: { repeatMs } }) => repeatMs === null || repeatMs >= sink.expires_after,
    );
    if (!tooRare) continue;
    const limit = formatDuration(sink.expires_after);
    findings.warn(
      ["sinks", i],
      `an episode that lasts longer than ${limit} is taken for resolved by Alertmanager`,
      `Set alerts.repeat to less than ${limit}: each repeat renews it`,
    );
  }
}
