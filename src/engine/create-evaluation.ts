import { AlertPolicy } from "../core/alerts/alert-policy.ts";
import { createKeyDetector } from "../core/detectors/registry.ts";
import type { WindowMemories } from "../core/sorted-window/window-memory.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EnginePlan } from "./plan.ts";
import { ScoreEvaluation } from "./score-evaluation.ts";
import { SilenceDeadlines } from "./silence-deadlines.ts";

/**
 * A fresh detector with its alerts, for one key.
 *
 * @param index Of the detector in the plan.
 * @param memories Of its engine.
 * @throws {RangeError} If the plan has no such detector.
 */
export function createEvaluation(
  plan: EnginePlan,
  index: number,
  key: number,
  keyName: string,
  memories: WindowMemories,
): Evaluation {
  const detectorPlan = plan.detectors[index];
  if (!detectorPlan) throw new RangeError(`The plan has no detector ${index}`);
  const { name, config, inputs, alerts } = detectorPlan;
  const subject = { pipeline: plan.pipeline, detectorName: name, detector: index, keyName, key };
  const policy = new AlertPolicy(alerts, subject);
  const detector = createKeyDetector(config, inputs.length, memories);
  return "observe" in detector
    ? new ScoreEvaluation(detectorPlan, index, detector, policy)
    : new SilenceDeadlines(detectorPlan, index, detector, policy);
}
