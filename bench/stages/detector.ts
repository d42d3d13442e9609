import type { SequencedBatch } from "../../src/core/batch.ts";
import { createScoreColumns } from "../../src/core/detectors/detector.ts";
import { createKeyDetector } from "../../src/core/detectors/registry.ts";
import type { KeyTable } from "../../src/core/key-table.ts";
import { WindowMemories } from "../../src/core/sorted-window/window-memory.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { runEngine } from "./engine.ts";

/** Feature values of one sensor, one column per feature. */
type SensorFeatures = readonly Float64Array[];

/**
 * The feature values of each sensor, computed beforehand by the engine.
 *
 * @returns Columns by key code and feature.
 */
export async function featuresBySensor(
  plan: EnginePlan,
  keys: KeyTable,
  batches: readonly SequencedBatch[],
): Promise<readonly SensorFeatures[]> {
  const rows = new Uint32Array(keys.size);
  for (const { keys: codes, length } of batches) {
    for (let i = 0; i < length; i++) rows[codes[i] as number] = (rows[codes[i] as number] ?? 0) + 1;
  }
  const columns = Array.from(rows, (n) => plan.features.map(() => new Float64Array(n)));
  rows.fill(0);
  await runEngine({ ...plan, detectors: [] }, keys, batches, (batch, { features }) => {
    for (let i = 0; i < batch.length; i++) {
      const key = batch.keys[i] as number;
      const at = rows[key] as number;
      const sensor = columns[key] as SensorFeatures;
      for (let f = 0; f < features.length; f++) {
        (sensor[f] as Float64Array)[at] = (features[f] as Float64Array)[i] as number;
      }
      rows[key] = at + 1;
    }
  });
  return columns;
}

/** The first detector of the plan alone, over computed feature values. */
export function runDetector(plan: EnginePlan, sensors: readonly SensorFeatures[]): void {
  const config = plan.detectors[0]?.config;
  if (config === undefined) throw new RangeError("The plan has no detector");
  const memories = new WindowMemories();
  for (const features of sensors) {
    const detector = createKeyDetector(config, features.length, memories);
    if (!("observe" in detector)) throw new RangeError("The detector scores no readings");
    const rows = features[0]?.length ?? 0;
    const scores = createScoreColumns(rows);
    const times = Float64Array.from({ length: rows }, (_, i) => i * 1000);
    for (let i = 0; i < rows; i++) detector.observe(features, i, scores, times);
  }
}
