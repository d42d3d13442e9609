import { availableParallelism } from "node:os";
import type { KeyTable } from "../core/key-table.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { SpareThreads } from "./clients/spare-threads.ts";
import type { KeyedRuntime } from "./keyed-runtime.ts";
import { createLocalRuntime } from "./local-runtime.ts";
import { workShares } from "./work-shares.ts";
import { createWorkerRuntime } from "./worker-runtime.ts";

/**
 * Runs keys in `workers` engines in threads, or with 1 in the thread of the caller. The output does not depend
 * on `workers`.
 *
 * @param spare Threads to use first.
 * @param cores Number of available processors.
 */
export function createRuntime(
  plan: EnginePlan,
  keys: KeyTable,
  workers: number,
  spare?: SpareThreads,
  cores = availableParallelism(),
): KeyedRuntime {
  return workers === 1
    ? createLocalRuntime(plan, keys)
    : createWorkerRuntime(plan, keys, workShares(workers, cores), spare);
}
