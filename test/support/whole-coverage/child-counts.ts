/**
 * Coverage of `dist` in the processes and threads that tests start. Node writes it at the exit of each
 * if `NODE_V8_COVERAGE` names a folder; children inherit the variable. A killed process writes nothing.
 *
 * @module
 */

import { readdir, readFile, rm } from "node:fs/promises";
import type { Profiler } from "node:inspector";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mergeProcessCovs } from "@bcoe/v8-coverage";

/** Adds the coverage files of a folder and deletes them: each child writes some MB. */
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

  /** Adds the complete files; an incomplete one waits for the next call. */
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
