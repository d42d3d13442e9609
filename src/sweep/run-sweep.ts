import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { EnginePlan } from "../engine/plan.ts";
import type { SettingOutcome } from "./run-settings.ts";
import type { SweepRecording } from "./sweep-recording.ts";

/** How a sweep is spread. */
export interface SweepSpread {
  /** Threads, >= 1. */
  readonly workers: number;
  /** Settings that run at once in a thread at the most, >= 1: each holds windows and models of its own. */
  readonly together: number;
  readonly signal: AbortSignal;
  /** Called with the number of settings that are done. */
  progress(done: number): void;
}

/**
 * Runs settings over a recording in worker threads.
 *
 * @returns In the order of `plans`.
 * @throws The reason of the signal when that is aborted: half a sweep chooses nothing.
 */
export async function runSweep(
  recording: SweepRecording,
  plans: readonly EnginePlan[],
  { workers, together, signal, progress }: SweepSpread,
): Promise<SettingOutcome[]> {
  const size = Math.max(1, Math.min(together, Math.ceil(plans.length / workers)));
  const groups = Array.from({ length: Math.ceil(plans.length / size) }, (_, g) => g * size);
  const outcomes: SettingOutcome[] = [];
  let done = 0;
  // Node 20 aborts when a thread ends while its code is still being optimised beside it
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
    worker.once("exit", () => reject(new Error("A thread of the sweep has ended")));
    worker.postMessage(plans);
  }).finally(() => {
    listening.abort();
    worker.removeAllListeners();
  });
}
