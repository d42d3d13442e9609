import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Starts to measure time, ms, >= 0, without the time for which threads of this process and of `children` wait
 * for a processor, so that other programs on the machine do not count. Children have to run until the time
 * is read. Linux only; other systems report no waiting, so nothing is subtracted there.
 */
export function undisturbedMs(...children: readonly ChildProcess[]): () => number {
  const processes = [process.pid, ...children.map(({ pid }) => pid)];
  const waited = (): number => processes.reduce<number>((sum, pid) => sum + waitedMs(pid), 0);
  const before = waited();
  const start = performance.now();
  return () => Math.max(0, performance.now() - start - Math.max(0, waited() - before));
}

/** Time that the threads of a process have waited for a processor, ms. */
function waitedMs(pid: number | undefined): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, id) => {
      const [, waitedNs] = readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ");
      return sum + Number(waitedNs) / 1e6;
    }, 0);
  } catch {
    return 0;
  }
}
