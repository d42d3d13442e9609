/**
 * The detectors a pipeline may name. To add one: write its file, then add its line here.
 *
 * @module
 */
import { sortedWindowBytes } from "../sorted-window.ts";
import type { Detector } from "./detector.ts";
import type { EcodConfig } from "./ecod/config.ts";
import { Ecod } from "./ecod/ecod.ts";

/** Settings of any detector; `algorithm` tells which. */
export type DetectorConfig = EcodConfig;

const BYTES_PER_NUMBER = 8;
const NOVELTY_BYTES = 3 * 64 * BYTES_PER_NUMBER;

const detectors = {
  ecod: {
    create: (config: EcodConfig, dimension: number): Detector => new Ecod(config, dimension),
    bytes: (config: EcodConfig, dimension: number): number =>
      sortedWindowBytes(config.window) * dimension +
      sortedWindowBytes(config.calibrationWindow) +
      (config.frozen ? 0 : NOVELTY_BYTES * config.noveltyFeatures.length),
  },
} as const;

/** A fresh detector for one key. */
export function createKeyDetector(config: DetectorConfig, dimension: number): Detector {
  return detectors[config.algorithm].create(config, dimension);
}

/** Bytes one key's detector holds once its windows are full. */
export function predictDetectorBytes(config: DetectorConfig, dimension: number): number {
  return detectors[config.algorithm].bytes(config, dimension);
}
