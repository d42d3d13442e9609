import { withUnits } from "../../config/with-units.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { HostedBuffer } from "../registry.ts";

/** The plan of a pipeline for messages: with the units of its document, which are no part of what it computes. */
export function shownPlan({ config, pipeline }: HostedBuffer): EnginePlan {
  return withUnits(pipeline.plan, config?.buffer.columns);
}
