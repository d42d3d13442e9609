import type { KeyTable } from "../core/key-table.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { KeyedRuntime } from "./keyed-runtime.ts";
import { createLocalRuntime } from "./local-runtime.ts";
import { createWorkerRuntime } from "./worker-runtime.ts";

/** Starting a thread takes about as long as running this many bytes of input. */
const BYTES_PER_WORKER = 8_000_000;

/**
 * Runs keys in `workers` threads, or with 1 in the thread of the caller. Output does not depend on it.
 */
export function createRuntime(plan: EnginePlan, keys: KeyTable, workers: number): KeyedRuntime {
  return workers === 1 ? createLocalRuntime(plan, keys) : createWorkerRuntime(plan, keys, workers);
}

/**
 * How many workers pay: no more than there are cores, or keys to spread over them, and none for an
 * input that is through before they have started.
 *
 * @param cores Processors that this process may use.
 * @param keys Keys that were seen in a sample of the input.
 * @param bytes Size of the input; null when it is unknown.
 */
export function workersThatPay(cores: number, keys: number, bytes: number | null): number {
  const large = bytes === null ? 1 : Math.floor(bytes / BYTES_PER_WORKER);
  return Math.max(1, Math.min(cores, keys, large));
}
