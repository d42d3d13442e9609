import { AlertPolicy } from "../../core/alerts/alert-policy.ts";
import type { Detector, KeyDetector } from "../../core/detectors/detector.ts";
import {
  createKeyDetector,
  type DetectorConfig,
  scoresReadings,
} from "../../core/detectors/registry.ts";
import type { WindowMemories } from "../../core/sorted-window/window-memory.ts";
import { StateReader, StateWriter } from "../../core/state-codec.ts";
import type { DetectorPlan, EnginePlan } from "../plan.ts";
import type { Evaluation } from "./evaluation.ts";
import { ScoreEvaluation } from "./score-evaluation.ts";
import { SilenceDeadlines } from "./silence-deadlines.ts";

/**
 * Creates a detector and its alert policy for one key.
 *
 * @param index Index of the detector in the plan.
 * @param memories Memory for large windows, which the keys of an engine share.
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
  const create = (): KeyDetector => createKeyDetector(config, inputs.length, memories);
  if (scoresReadings(config)) {
    return new ScoreEvaluation(detectorPlan, index, policy, () => scoring(create(), config));
  }
  const detector = create();
  if ("observe" in detector) throw new RangeError(`${config.algorithm} scores readings`);
  return new SilenceDeadlines(detectorPlan, index, detector, policy);
}

/** Copies a detector and its state. Large models have the cheaper `copyForScoring`. */
export function copyDetector(detector: Detector, { config, inputs }: DetectorPlan): Detector {
  const writer = new StateWriter();
  for (const part of detector.parts()) part.save(writer);
  const reader = new StateReader(writer.finish());
  const copy = scoring(createKeyDetector(config, inputs.length), config);
  for (const part of copy.parts()) part.load(reader);
  return copy;
}

function scoring(detector: KeyDetector, { algorithm }: DetectorConfig): Detector {
  if ("observe" in detector) return detector;
  throw new RangeError(`${algorithm} scores no readings`);
}
