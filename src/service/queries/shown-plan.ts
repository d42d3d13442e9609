import { withUnits } from "../../config/resolve/with-units.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { MessageOrigin } from "../../io/outbox/alert-delivery.ts";
import type { HostedBuffer } from "../registry.ts";

/** The plan of a pipeline as messages show it: with the units of its document, which affect no score. */
export function shownPlan({ config, pipeline }: HostedBuffer): EnginePlan {
  return withUnits(pipeline.plan, config?.buffer.columns);
}

/** What the message bodies of a pipeline are made from. */
export function messageOrigin(hosted: HostedBuffer): MessageOrigin {
  return { plan: shownPlan(hosted), keys: hosted.pipeline.keys };
}
