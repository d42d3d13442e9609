import { readFile } from "node:fs/promises";
import type { Profiler } from "node:inspector";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { convert } from "ast-v8-to-istanbul";
import { parseAstAsync } from "vitest/node";
import { createTranspiler } from "../transpile.ts";
import type { IstanbulCounts } from "./add-counts.ts";

/** Counts of the statements, branches and functions of one source file. */
export interface SourceCounts {
  /** Path of the source file. */
  readonly source: string;
  readonly counts: IstanbulCounts;
}

/**
 * What reads counts of a file of `dist` as those of its source.
 *
 * @param root Folder with `src` and `dist`.
 */
export async function createCountsReader(
  root: string,
): Promise<(script: Profiler.ScriptCoverage) => Promise<SourceCounts>> {
  const transpile = await createTranspiler(root);
  return async ({ url, functions }) => {
    const output = fileURLToPath(url);
    const source = join(root, "src", relative(join(root, "dist"), output)).replace(/\.js$/, ".ts");
    const { code, map } = transpile(source, await readFile(source, "utf8"));
    if (code !== (await readFile(output, "utf8"))) throw new Error(`${output} is not up to date`);
    const sourceUrl = pathToFileURL(source).href;
    const converted = await convert({
      code,
      ast: await parseAstAsync(code),
      sourceMap: { ...JSON.parse(map), sourceRoot: "", sources: [sourceUrl] },
      coverage: { functions, url: sourceUrl },
    });
    const counts = converted[source];
    if (counts === undefined) throw new Error(`no counts of ${source}`);
    return { source, counts: counts as IstanbulCounts };
  };
}
