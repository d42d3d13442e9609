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

/** What is known of a detector before there is one. */
interface DetectorEntry<Algorithm extends DetectorAlgorithm> {
  create(
    config: ConfigOf<Algorithm>,
    dimension: number,
    memories: WindowMemories | undefined,
  ): KeyDetector;
  /** Bytes one key's detector holds at the most, about. */
  bytes(config: ConfigOf<Algorithm>, dimension: number): number;
  /** What it looks for, in words; null: it learns that by itself. */
  rule(config: ConfigOf<Algorithm>): string | null;
  /** Whether each reading gets a verdict. */
  readonly scores: boolean;
}

const detectors: { readonly [A in DetectorAlgorithm]: DetectorEntry<A> } = {
  ecod: {
    create: (config, dimension, memories) => new Ecod(config, dimension, memories),
    bytes: ecodBytes,
    rule: () => null,
    scores: true,
  },
  threshold: {
    create: (config) => new Threshold(config),
    bytes: () => THRESHOLD_BYTES,
    rule: ({ rule }) => rule,
    scores: true,
  },
  stuck: {
    create: (config) => new Stuck(config),
    bytes: () => STUCK_BYTES,
    rule: stuckRule,
    scores: true,
  },
  silent: {
    create: (config, dimension) => new Silent(config, dimension),
    bytes: silentBytes,
    rule: silentRule,
    scores: false,
  },
  rate_of_change: {
    create: (config) => new RateOfChange(config),
    bytes: () => RATE_OF_CHANGE_BYTES,
    rule: rateOfChangeRule,
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

/** Bytes one key's detector holds at the most, about. */
export function predictDetectorBytes<A extends DetectorAlgorithm>(
  config: ConfigOf<A>,
  dimension: number,
): number {
  return detectors[config.algorithm].bytes(config, dimension);
}

/** What a detector looks for, in words: `temperature > 40`; null: it learns that by itself. */
export function detectorRule<A extends DetectorAlgorithm>(config: ConfigOf<A>): string | null {
  return detectors[config.algorithm].rule(config);
}

/** Whether a detector gives each reading a verdict; else it looks at when readings come. */
export function scoresReadings({ algorithm }: DetectorConfig): boolean {
  return detectors[algorithm].scores;
}
