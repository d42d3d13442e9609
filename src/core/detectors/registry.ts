/**
 * The detectors a pipeline may name. To add one: write its file, then add its line here.
 *
 * @module
 */
import type { WindowMemories } from "../sorted-window/window-memory.ts";
import type { KeyDetector } from "./detector.ts";
import { ecodBytes } from "./ecod/bytes.ts";
import type { EcodConfig } from "./ecod/config.ts";
import { Ecod } from "./ecod/ecod.ts";
import type { RateOfChangeConfig } from "./rate-of-change/rate-of-change.ts";
import {
  RATE_OF_CHANGE_BYTES,
  RateOfChange,
  rateOfChangeRule,
} from "./rate-of-change/rate-of-change.ts";
import type { SilentConfig } from "./silent/silent.ts";
import { Silent, silentBytes, silentRule } from "./silent/silent.ts";
import type { StuckConfig } from "./stuck/stuck.ts";
import { STUCK_BYTES, Stuck, stuckRule } from "./stuck/stuck.ts";
import type { ThresholdConfig } from "./threshold/threshold.ts";
import { THRESHOLD_BYTES, Threshold } from "./threshold/threshold.ts";

/** Settings by algorithm. */
interface Configs {
  readonly ecod: EcodConfig;
  readonly threshold: ThresholdConfig;
  readonly stuck: StuckConfig;
  readonly silent: SilentConfig;
  readonly rate_of_change: RateOfChangeConfig;
}

/** Name of a detector. */
export type DetectorAlgorithm = keyof Configs;

type ConfigOf<Algorithm extends DetectorAlgorithm> = {
  [A in Algorithm]: Configs[A] & { readonly algorithm: A };
}[Algorithm];

/** Settings of any detector; `algorithm` tells which. */
export type DetectorConfig = ConfigOf<DetectorAlgorithm>;

/** How a detector learns what is normal. */
export interface LearningSettings {
  /** Expected fraction of anomalous readings. */
  readonly contamination: number;
  /** Readings of a key before its first score. */
  readonly warmupPeriod: number;
  /** Newest readings that the detector compares with. */
  readonly window: number;
  /** Readings after which it learns a lasting anomaly as normal. */
  readonly patience: number;
  /** Whether it learns only from the warm-up. */
  readonly frozen: boolean;
}

/** The component object of a detector. */
interface DetectorEntry<Algorithm extends DetectorAlgorithm> {
  create(
    config: ConfigOf<Algorithm>,
    dimension: number,
    memories: WindowMemories | undefined,
  ): KeyDetector;
  /** Estimated upper limit of the memory of one key, bytes. */
  bytes(config: ConfigOf<Algorithm>, dimension: number): number;
  /** The rule as text; null: the detector learns instead. */
  rule(config: ConfigOf<Algorithm>): string | null;
  /** Null: the detector is a rule and learns nothing. */
  learning(config: ConfigOf<Algorithm>): LearningSettings | null;
  /** Whether each reading gets a verdict. */
  readonly scores: boolean;
}

const detectors: { readonly [A in DetectorAlgorithm]: DetectorEntry<A> } = {
  ecod: {
    create: (config, dimension, memories) => new Ecod(config, dimension, memories),
    bytes: ecodBytes,
    rule: () => null,
    learning: (config) => config,
    scores: true,
  },
  threshold: {
    create: (config) => new Threshold(config),
    bytes: () => THRESHOLD_BYTES,
    rule: ({ rule }) => rule,
    learning: () => null,
    scores: true,
  },
  stuck: {
    create: (config) => new Stuck(config),
    bytes: () => STUCK_BYTES,
    rule: stuckRule,
    learning: () => null,
    scores: true,
  },
  silent: {
    create: (config, dimension) => new Silent(config, dimension),
    bytes: silentBytes,
    rule: silentRule,
    learning: () => null,
    scores: false,
  },
  rate_of_change: {
    create: (config) => new RateOfChange(config),
    bytes: () => RATE_OF_CHANGE_BYTES,
    rule: rateOfChangeRule,
    learning: () => null,
    scores: true,
  },
};

/**
 * Names of all detectors.
 *
 * @internal
 */
export const DETECTOR_ALGORITHMS = Object.keys(detectors) as readonly DetectorAlgorithm[];

/**
 * A fresh detector for one key.
 *
 * @param dimension Inputs of the detector.
 * @param memories For what is large; its own by default.
 */
export function createKeyDetector<A extends DetectorAlgorithm>(
  config: ConfigOf<A>,
  dimension: number,
  memories?: WindowMemories,
): KeyDetector {
  return detectors[config.algorithm].create(config, dimension, memories);
}

/** Estimated upper limit of the memory of one key's detector, bytes. */
export function predictDetectorBytes<A extends DetectorAlgorithm>(
  config: ConfigOf<A>,
  dimension: number,
): number {
  return detectors[config.algorithm].bytes(config, dimension);
}

/** The rule of a detector as text, such as `temperature > 40`; null: it learns instead. */
export function detectorRule<A extends DetectorAlgorithm>(config: ConfigOf<A>): string | null {
  return detectors[config.algorithm].rule(config);
}

/** How a detector learns what is normal; null: it is a rule. */
export function learningOf<A extends DetectorAlgorithm>(
  config: ConfigOf<A>,
): LearningSettings | null {
  return detectors[config.algorithm].learning(config);
}

/** Whether a detector gives each reading a verdict; otherwise it only watches arrival times. */
export function scoresReadings({ algorithm }: Pick<DetectorConfig, "algorithm">): boolean {
  return detectors[algorithm].scores;
}
