import type { SequencedBatch } from "../../src/core/batch.ts";
import type { KeyTable } from "../../src/core/key-table.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { EngineOutput } from "../../src/engine/engine-output.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";

/**
 * Runs readings through a new engine: features, detectors and alert policies of a plan.
 *
 * @param onOutput Called with each output, which the next batch overwrites; not timed.
 * @returns Seconds.
 */
export async function runEngine(
  plan: EnginePlan,
  keys: KeyTable,
  batches: readonly SequencedBatch[],
  onOutput: (batch: SequencedBatch, output: EngineOutput) => void | Promise<void> = () => {},
): Promise<number> {
  const engine = new Engine(plan, keys);
  let seconds = 0;
  for (const batch of batches) {
    const start = performance.now();
    const output = engine.apply(batch);
    seconds += (performance.now() - start) / 1000;
    await onOutput(batch, output);
  }
  return seconds;
}
