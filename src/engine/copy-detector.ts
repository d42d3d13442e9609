import type { Detector } from "../core/detectors/detector.ts";
import { createKeyDetector } from "../core/detectors/registry.ts";
import { StateReader, StateWriter } from "../core/state-codec.ts";
import type { DetectorPlan } from "./plan.ts";

/** A detector in the same state, by itself: cheap for all but large models, which have `copyForScoring`. */
export function copyDetector(detector: Detector, { config, inputs }: DetectorPlan): Detector {
  const writer = new StateWriter();
  for (const part of detector.parts()) part.save(writer);
  const reader = new StateReader(writer.finish());
  const copy = createKeyDetector(config, inputs.length);
  if (!("observe" in copy)) throw new RangeError(`${config.algorithm} scores no readings`);
  for (const part of copy.parts()) part.load(reader);
  return copy;
}
