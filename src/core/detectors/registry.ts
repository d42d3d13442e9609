/**
 * The detectors a pipeline may name. To add one: write its file, then add its line here.
 *
 * @module
 */
import type { Detector } from "./detector.ts";
import { ecodBytes } from "./ecod/bytes.ts";
import type { EcodConfig } from "./ecod/config.ts";
import { Ecod } from "./ecod/ecod.ts";

/** Settings of any detector; `algorithm` tells which. */
export type DetectorConfig = EcodConfig;

const detectors = {
  ecod: {
    create: (config: EcodConfig, dimension: number): Detector => new Ecod(config, dimension),
    bytes: ecodBytes,
  },
} as const;

/** A fresh detector for one key. */
export function createKeyDetector(config: DetectorConfig, dimension: number): Detector {
  return detectors[config.algorithm].create(config, dimension);
}

/** Bytes one key's detector holds at the most, about. */
export function predictDetectorBytes(config: DetectorConfig, dimension: number): number {
  return detectors[config.algorithm].bytes(config, dimension);
}
