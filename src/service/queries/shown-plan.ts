import { asShown } from "../../config/resolve/shown-plan.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { MessageOrigin } from "../../io/outbox/alert-delivery.ts";
import type { HostedBuffer } from "../registry.ts";

/** The plan of a pipeline as messages show it. */
export function shownPlan({ config, pipeline }: HostedBuffer): EnginePlan {
  return config === null ? pipeline.plan : asShown(pipeline.plan, config);
}

/** What the message bodies of a pipeline are made from. */
export function messageOrigin(hosted: HostedBuffer): MessageOrigin {
  return { plan: shownPlan(hosted), keys: hosted.pipeline.keys };
}
