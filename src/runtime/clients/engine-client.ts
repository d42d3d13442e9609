/**
 * Messages between threads. Each request has one answer, in order.
 *
 * @module
 */

import type { DetectorStatus } from "../../engine/evaluation/evaluation.ts";
import type { Decisions } from "../../engine/event-queue.ts";
import type { Shard } from "../../engine/keys/key-groups.ts";
import type { EnginePlan } from "../../engine/plan.ts";
import type { RuntimeReport } from "../keyed-runtime.ts";

/** A request to an engine. Each request has one answer, in order. */
export type Request =
  /** The first request. */
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
      readonly restarts: readonly number[];
      /** Names of keys since the previous batch, in the order of their codes. */
      readonly newKeys: readonly string[];
    }
  | { readonly kind: "tick"; readonly now: number }
  | { readonly kind: "pause"; readonly from: number; readonly to: number }
  | { readonly kind: "peek"; readonly key: number }
  | { readonly kind: "stop" };

/** An answer of an engine. */
export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "decisions"; readonly decisions: Decisions }
  | { readonly kind: "status"; readonly status: readonly DetectorStatus[] | null }
  | { readonly kind: "report"; readonly report: RuntimeReport };

/** Answer of a known kind. */
export type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { readonly kind: Kind }>;

/** Sends requests to one engine, in order. A caller need not wait for earlier answers. */
export interface EngineClient {
  /** @throws The error of the engine. The engine has then ended, and later requests throw the same error. */
  ask<Kind extends Answer["kind"]>(request: Request, kind: Kind): Promise<AnswerOf<Kind>>;
  /** Ends the engine at once. */
  terminate(): Promise<void>;
}

/** @throws If the answer has another kind. */
export function expectKind<Kind extends Answer["kind"]>(
  request: Request,
  answer: Answer,
  kind: Kind,
): AnswerOf<Kind> {
  if (answer.kind === kind) return answer as AnswerOf<Kind>;
  throw new Error(`Asked an engine to ${request.kind}, got ${answer.kind}`);
}
