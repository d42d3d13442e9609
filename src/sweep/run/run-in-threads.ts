import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { EnginePlan } from "../../engine/plan.ts";
import type { SettingOutcome } from "./run-settings.ts";
import type { SweepRecording } from "./sweep-recording.ts";

/** How settings are distributed over threads. */
export interface ThreadOptions {
  /** Threads, >= 1. */
  readonly workers: number;
  /** Maximum number of settings that a thread runs together, >= 1. Each has its own windows and models. */
  readonly together: number;
  readonly signal: AbortSignal;
  /** Called with the number of completed settings. */
  progress(done: number): void;
}

/**
 * Runs settings over a recording in worker threads.
 *
 * @returns In the order of `plans`.
 * @throws The signal's reason when it is aborted; there are no partial results.
 */
export async function runInThreads(
  recording: SweepRecording,
  plans: readonly EnginePlan[],
  { workers, together, signal, progress }: ThreadOptions,
): Promise<SettingOutcome[]> {
  const size = Math.max(1, Math.min(together, Math.ceil(plans.length / workers)));
  const groups = Array.from({ length: Math.ceil(plans.length / size) }, (_, g) => g * size);
  const outcomes: SettingOutcome[] = [];
  let done = 0;
  // Node 20 crashes when a thread ends while V8 still optimises its code
  setFlagsFromString("--no-concurrent-recompilation");
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL(import.meta.resolve("#sweep-worker")), {
      workerData: recording,
    });
    try {
      for (let from = groups.shift(); from !== undefined; from = groups.shift()) {
        const group = await ask(worker, plans.slice(from, from + size), signal);
        for (const [i, outcome] of group.entries()) outcomes[from + i] = outcome;
        done += group.length;
        progress(done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, groups.length) }, work));
  return outcomes;
}

function ask(
  worker: Worker,
  plans: readonly EnginePlan[],
  signal: AbortSignal,
): Promise<readonly SettingOutcome[]> {
  const listening = new AbortController();
  return new Promise<readonly SettingOutcome[]>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true, signal: listening.signal });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("A sweep thread ended early")));
    worker.postMessage(plans);
  }).finally(() => {
    listening.abort();
    worker.removeAllListeners();
  });
}
