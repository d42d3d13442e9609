declare module "@bcoe/v8-coverage" {
  import type { Profiler } from "node:inspector";

  /** Adds up the counts of the same code in several processes. */
  export function mergeProcessCovs<T extends { readonly result: Profiler.ScriptCoverage[] }>(
    processes: readonly T[],
  ): { readonly result: Profiler.ScriptCoverage[] };
}
