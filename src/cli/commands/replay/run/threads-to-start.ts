import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fastestWorkerCount } from "../../../../runtime/fastest-worker-count.ts";
import { workShares } from "../../../../runtime/work-shares.ts";
import type { ReplayOptions } from "../options.ts";

type ThreadOptions = Pick<ReplayOptions, "workers" | "sweep" | "compare" | "each">;

/** Maximum number of threads that start before the number of sensors is known. */
const MAX_BY_SIZE = 4;

/**
 * Number of threads that a replay will probably need, from its options and the sizes of its files. They
 * start while the rest of the program loads.
 *
 * @param files Recordings from the command line.
 * @param cores Processors that this process may use.
 * @returns 0 for several replays, and when threads may not make the replay faster.
 */
export function threadsToStart(
  files: readonly string[],
  { workers, sweep, compare, each }: ThreadOptions,
  cwd: string,
  cores = availableParallelism(),
): number {
  if (sweep.length > 0 || compare !== undefined || each) return 0;
  const wanted = workers ?? threadsBySize(files, cwd, cores);
  return wanted < 2 ? 0 : workShares(wanted, cores).threads;
}

/** Threads that make the replay faster if there are enough sensors. */
function threadsBySize(files: readonly string[], cwd: string, cores: number): number {
  const sizes = files.map(
    (file) => statSync(resolve(cwd, file), { throwIfNoEntry: false })?.size ?? 0,
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return fastestWorkerCount(cores, MAX_BY_SIZE, bytes);
}
