import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 20;

/**
 * Samples the processor time of each thread of a process while it runs: what the busiest one used is about the time
 * that the process would take on an idle machine with enough cores. Linux only.
 *
 * @returns Ends the sampling; returns the processor time of the busiest thread, s; NaN on other systems.
 */
export function watchBusiestThread(pid: number | undefined): () => number {
  let most = Number.NaN;
  const sample = (): void => {
    for (const seconds of threadSeconds(`/proc/${pid}/task`)) {
      most = Number.isNaN(most) ? seconds : Math.max(most, seconds);
    }
  };
  const timer = setInterval(sample, EVERY_MS);
  return () => {
    clearInterval(timer);
    return most;
  };
}

function threadSeconds(folder: string): readonly number[] {
  try {
    return readdirSync(folder).map((thread) => {
      const [onProcessor = ""] = readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ");
      return Number(onProcessor) / 1e9;
    });
  } catch {
    return []; // a thread has ended, or the process has
  }
}
