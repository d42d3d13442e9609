import type { DetectorAlgorithm } from "../../core/detectors/registry.ts";
import type { DetectorType } from "./detector-type.ts";
import { ecod } from "./ecod/ecod.ts";
import { rateOfChange } from "./rate-of-change.ts";
import { silent } from "./silent.ts";
import { stuck } from "./stuck.ts";
import { threshold } from "./threshold.ts";

/** All types of detector. A new one is a file and a line here, and its algorithm in `src/core/detectors`. */
export const detectorTypes = [ecod, threshold, stuck, silent, rateOfChange] as const;

/** A type of detector by the name of its algorithm. */
export function detectorTypeOf(name: DetectorAlgorithm): DetectorType {
  return detectorTypes.find(({ algorithm }) => algorithm === name) as unknown as DetectorType;
}
