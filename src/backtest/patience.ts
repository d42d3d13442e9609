import type { DetectorConfig } from "../core/detectors/registry.ts";

/**
 * Anomalous readings after which a detector takes what lasts for normal. Infinity: it never does, as
 * it learns nothing.
 */
export function patienceOf(config: DetectorConfig): number {
  return config.algorithm === "ecod" ? config.patience : Number.POSITIVE_INFINITY;
}
