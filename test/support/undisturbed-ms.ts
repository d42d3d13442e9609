import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Begins to measure time, ms, without what this process and `children` wait for a processor: what other
 * programs have of the machine is no part of it. Children have to run until it is read. Linux only.
 */
export function undisturbedMs(...children: readonly ChildProcess[]): () => number {
  const ids = ["self", ...children.map(({ pid }) => String(pid))];
  const waits = (): Map<string, number> => new Map(ids.flatMap(waitsOf));
  const before = waits();
  const start = performance.now();
  return () => {
    const passed = performance.now() - start;
    let waited = 0;
    for (const [thread, ms] of waits()) waited += ms - (before.get(thread) ?? 0);
    return passed - waited;
  };
}

/** How long each thread of a process has waited for a processor so far, ms. */
function waitsOf(id: string): [thread: string, ms: number][] {
  const folder = `/proc/${id}/task`;
  return readdirSync(folder).flatMap((thread): [string, number][] => {
    try {
      const [, waitedNs] = readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ");
      return [[thread, Number(waitedNs) / 1e6]];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}
