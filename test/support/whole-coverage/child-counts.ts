/**
 * What ran of `dist` in the processes and threads that tests start. Node writes it at the end of each
 * when `NODE_V8_COVERAGE` names a folder, which children inherit; one that is killed writes nothing.
 *
 * @module
 */

import { readdir, readFile, rm } from "node:fs/promises";
import type { Profiler } from "node:inspector";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mergeProcessCovs } from "@bcoe/v8-coverage";

/** Adds up what children leave in a folder, and takes it away: some MB of each would become much. */
export class ChildCounts {
  readonly #folder: string;
  readonly #dist: string;
  #total: { readonly result: readonly Profiler.ScriptCoverage[] } = { result: [] };
  #collecting: Promise<void> = Promise.resolve();

  /** @param root Folder with `dist`. */
  constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#dist = pathToFileURL(join(root, "dist/")).href;
  }

  /** Takes up what is there; a file that is not whole yet waits for the next time. */
  collect(): Promise<void> {
    this.#collecting = this.#collecting.then(() => this.#collect());
    return this.#collecting;
  }

  /** Counts of the files of `dist`, by their address. */
  get scripts(): readonly Profiler.ScriptCoverage[] {
    return this.#total.result;
  }

  async #collect(): Promise<void> {
    const files = await readdir(this.#folder);
    const found: { result: Profiler.ScriptCoverage[] }[] = [];
    for (const file of files) {
      const counts = parse(await readFile(join(this.#folder, file), "utf8"));
      if (counts === null) continue;
      await rm(join(this.#folder, file));
      found.push({ result: counts.result.filter(({ url }) => url.startsWith(this.#dist)) });
    }
    if (found.length > 0) this.#total = mergeProcessCovs([{ result: [...this.scripts] }, ...found]);
  }
}

function parse(text: string): { readonly result: readonly Profiler.ScriptCoverage[] } | null {
  try {
    return JSON.parse(text) as { result: Profiler.ScriptCoverage[] };
  } catch {
    return null; // its process is still writing
  }
}
