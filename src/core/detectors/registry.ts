/**
 * The detectors that engines run. To add one: write its file, then add its line here, and its settings in
 * `src/config/detectors`.
 *
 * @module
 */
import type { WindowMemories } from "../sorted-window/window-memory.ts";
import type { Algorithm, LearningSettings } from "./algorithm.ts";
import type { KeyDetector } from "./detector.ts";
import { ecod } from "./ecod/algorithm.ts";
import { rateOfChange } from "./rules/rate-of-change.ts";
import { silent } from "./rules/silent.ts";
import { stuck } from "./rules/stuck.ts";
import { threshold } from "./rules/threshold.ts";

const algorithms = { ecod, threshold, stuck, silent, rate_of_change: rateOfChange } as const;

/** Name of a detector. */
export type DetectorAlgorithm = keyof typeof algorithms;

type ConfigOf<A extends DetectorAlgorithm> = {
  [Name in A]: (typeof algorithms)[Name] extends Algorithm<infer Config>
    ? Config & { readonly algorithm: Name }
    : never;
}[A];

/** Settings of any detector; `algorithm` names it. */
export type DetectorConfig = ConfigOf<DetectorAlgorithm>;

/**
 * Names of all detectors.
 *
 * @internal
 */
export const DETECTOR_ALGORITHMS = Object.keys(algorithms) as readonly DetectorAlgorithm[];

/**
 * Creates a detector for one key.
 *
 * @param dimension Inputs of the detector.
 * @param memories Memory for large windows; its own by default.
 */
export function createKeyDetector(
  config: DetectorConfig,
  dimension: number,
  memories?: WindowMemories,
): KeyDetector {
  return algorithmOf(config).create(config, dimension, memories);
}

/** How many bytes more, at most, one key's detector takes while the key is new. */
export function predictWarmUpBytes(config: DetectorConfig, dimension: number): number {
  return algorithmOf(config).warmUpBytes?.(config, dimension) ?? 0;
}

/** Estimated upper limit of the memory of one key's detector once its windows are full, bytes. */
export function predictDetectorBytes(config: DetectorConfig, dimension: number): number {
  return algorithmOf(config).bytes(config, dimension);
}

/** The rule of a detector as text, such as `temperature > 40`; null if it learns instead. */
export function detectorRule(config: DetectorConfig): string | null {
  return algorithmOf(config).rule(config);
}

/** Learning settings of a detector; null if it is a rule. */
export function learningOf(config: DetectorConfig): LearningSettings | null {
  return algorithmOf(config).learning(config);
}

/** Whether a detector scores each reading. If not, it only watches arrival times. */
export function scoresReadings(config: Pick<DetectorConfig, "algorithm">): boolean {
  return algorithmOf(config).scores;
}

function algorithmOf({ algorithm }: Pick<DetectorConfig, "algorithm">): Algorithm<DetectorConfig> {
  return algorithms[algorithm] as Algorithm<DetectorConfig>;
}
