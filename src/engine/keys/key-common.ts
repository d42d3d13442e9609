import { WindowPlan } from "../../core/features/window-plan.ts";
import { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import { bySet, type EnginePlan } from "../plan.ts";

/** What the keys of an engine share. */
export interface KeyCommon {
  /** Memory for large windows. */
  readonly memories: WindowMemories;
  /** The features of each window set. */
  readonly windows: readonly WindowPlan[];
}

/** @throws {RangeError} If a feature does not fit its function or the columns. */
export function createCommon(plan: EnginePlan): KeyCommon {
  return {
    memories: new WindowMemories(),
    windows: bySet(plan, plan.features).map(
      (specs) => new WindowPlan(specs, plan.columns.length, plan.maxWindowRows),
    ),
  };
}
