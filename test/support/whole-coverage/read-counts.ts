import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Profiler } from "node:inspector";
import { fileURLToPath } from "node:url";
import { convert } from "ast-v8-to-istanbul";
import { parseAstAsync } from "vitest/node";
import type { IstanbulCounts } from "./add-counts.ts";

/** Reads counts of a file of `dist` as those of the sources that are bundled into it, by their path. */
export async function readCounts({
  url,
  functions,
}: Profiler.ScriptCoverage): Promise<ReadonlyMap<string, IstanbulCounts>> {
  const path = fileURLToPath(url);
  if (!existsSync(`${path}.map`)) return new Map(); // the bundler's own
  const code = await readFile(path, "utf8");
  const map = JSON.parse(await readFile(`${path}.map`, "utf8"));
  const sources = map.sources.map((source: string) => new URL(source, url).href);
  const converted = await convert({
    code,
    ast: await parseAstAsync(code),
    sourceMap: { ...map, sourceRoot: "", sources },
    coverage: { functions, url },
  });
  return new Map(Object.entries(converted) as [string, IstanbulCounts][]);
}
