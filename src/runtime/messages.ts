/**
 * What threads say to each other. Each request has one answer, in order.
 *
 * @module
 */

import type { DetectorStatus } from "../engine/evaluation.ts";
import type { Decisions } from "../engine/event-queue.ts";
import type { Shard } from "../engine/key-groups.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { RuntimeReport } from "./keyed-runtime.ts";

/** What a worker is asked to do. */
export type Request =
  /** The first one. */
  | { readonly kind: "start"; readonly plan: EnginePlan; readonly shard: Shard }
  | {
      readonly kind: "slab";
      readonly slot: number;
      readonly buffer: SharedArrayBuffer;
      readonly capacity: number;
    }
  | {
      readonly kind: "batch";
      readonly slot: number;
      readonly length: number;
      /** Names of keys since the batch before, in the order of their codes. */
      readonly newKeys: readonly string[];
    }
  | { readonly kind: "tick"; readonly now: number }
  | { readonly kind: "pause"; readonly from: number; readonly to: number }
  | { readonly kind: "peek"; readonly key: number }
  | { readonly kind: "stop" };

/** What it answers. */
export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "decisions"; readonly decisions: Decisions }
  | { readonly kind: "status"; readonly status: readonly DetectorStatus[] | null }
  | { readonly kind: "report"; readonly report: RuntimeReport };
