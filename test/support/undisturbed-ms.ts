import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Begins to measure time, ms, >= 0, without what the main threads of this process and of `children` wait for
 * a processor: what other programs have of the machine is no part of it. Children have to run until it
 * is read. Where the system does not tell, as only Linux does, nothing is taken off.
 */
export function undisturbedMs(...children: readonly ChildProcess[]): () => number {
  const processes = [process.pid, ...children.map(({ pid }) => pid)];
  const waited = (): number => processes.reduce<number>((sum, pid) => sum + waitedMs(pid), 0);
  const before = waited();
  const start = performance.now();
  return () => Math.max(0, performance.now() - start - (waited() - before));
}

/** How long the main thread of a process has waited for a processor so far, ms. */
function waitedMs(pid: number | undefined): number {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ");
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}
