import { ScoresWriter } from "../../src/backtest/scores/scores-writer.ts";
import type { SequencedBatch } from "../../src/core/batch.ts";
import type { KeyTable } from "../../src/core/key-table.ts";
import type { EnginePlan } from "../../src/engine/plan.ts";
import { runEngine } from "./engine.ts";

/** Time to write a scores file, without the engine, s. */
export async function writeScores(
  plan: EnginePlan,
  keys: KeyTable,
  batches: readonly SequencedBatch[],
  path: string,
): Promise<number> {
  const writer = await ScoresWriter.open(path, { plan, keys, inputs: ["bench"], features: false });
  let seconds = 0;
  await runEngine(plan, keys, batches, async (batch, output) => {
    const start = performance.now();
    await writer.write(batch, output);
    seconds += (performance.now() - start) / 1000;
  });
  const start = performance.now();
  await writer.close();
  return seconds + (performance.now() - start) / 1000;
}
