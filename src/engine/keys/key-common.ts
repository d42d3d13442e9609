import { BUDGET_BYTES } from "../../core/alerts/budget/alert-budget.ts";
import { predictDetectorBytes, predictWarmUpBytes } from "../../core/detectors/registry.ts";
import { WindowPlan } from "../../core/features/window-plan.ts";
import { predictWindowBytes } from "../../core/features/window-set.ts";
import { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import { bySet, type EnginePlan } from "../plan.ts";

/** Bytes of the objects of a key, and those of the alerts of one of its detectors, measured on Node 20. */
export const KEY_BYTES = 600;
export const ALERTS_BYTES = 1250;

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

/** Bytes that one key takes, about. */
export interface KeyBytes {
  /** Once its windows are full. */
  readonly full: number;
  /** How many more, at most, while it is new. */
  readonly warmUp: number;
}

/** Predicts the bytes of one key. */
export function predictKeyBytes(plan: EnginePlan): KeyBytes {
  const { columns, maxWindowRows } = plan;
  let full = KEY_BYTES;
  let warmUp = 0;
  for (const specs of bySet(plan, plan.features)) {
    full += predictWindowBytes(specs, columns.length, maxWindowRows);
  }
  for (const { config, inputs, alerts } of plan.detectors) {
    full += ALERTS_BYTES + predictDetectorBytes(config, inputs.length);
    if (alerts.budget !== null) full += BUDGET_BYTES;
    warmUp += predictWarmUpBytes(config, inputs.length);
  }
  return { full, warmUp };
}
