import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { workShares } from "../../../runtime/work-shares.ts";
import { workersThatPay } from "../../../runtime/workers-that-pay.ts";
import type { ReplayFlags } from "./replay-options.ts";

type Flags = Pick<ReplayFlags, "workers" | "sweep" | "compare" | "each">;

/** Threads that are started before it is known how many sensors there are. */
const MOST_BY_SIZE = 4;

/**
 * Threads that a replay will need as far as its command line tells: they can start while the rest of
 * the program is loaded. Faults of the command line are not found here.
 *
 * @param files Recordings as named.
 * @param cores Processors that this process may use.
 * @returns 0 when there is more than one replay, or it is not clear that threads pay.
 */
export function threadsToStart(
  files: readonly string[],
  { workers = "auto", sweep, compare, each }: Flags,
  cwd: string,
  cores = availableParallelism(),
): number {
  if (sweep !== undefined || compare !== undefined || each === true) return 0;
  const wanted = workers === "auto" ? threadsBySize(files, cwd, cores) : threadsAskedFor(workers);
  return wanted < 2 ? 0 : workShares(wanted, cores).threads;
}

function threadsAskedFor(workers: string): number {
  return /^\d{1,2}$/.test(workers) ? Number(workers) : 0;
}

/** Threads that pay if there are enough sensors. */
function threadsBySize(files: readonly string[], cwd: string, cores: number): number {
  const sizes = files.map(
    (file) => statSync(resolve(cwd, file), { throwIfNoEntry: false })?.size ?? 0,
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return workersThatPay(cores, MOST_BY_SIZE, bytes);
}
