/**
 * Brings `dist` up to date before the tests, so that they can start the real `bin/iotmon.js`.
 * Compiles only files that are newer than their output, one by one; types are `npm run typecheck`'s
 * job. Several test runs may do this at once: files are put in place whole.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { createTranspiler } from "./transpile.ts";

/** Sources of the scripts that pages load, into each of which others are bundled. */
const BUNDLES = ["http/page/client/main.ts", "report/page/client/main.ts"];

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Entry for vitest's `globalSetup`. */
export async function setup(): Promise<void> {
  const all = await glob("**/*.ts", { cwd: join(root, "src") });
  const clients = all.filter((source) => source.includes("page/client/"));
  const sources = all.filter((source) => !clients.includes(source));
  await removeLeftovers(new Set([...sources, ...BUNDLES]));
  const stale: string[] = [];
  for (const source of sources) if (await isStale(source)) stale.push(source);
  if (stale.length > 0) await compile(stale);
  await bundle(clients);
}

/** Bundles the pages' scripts when one of their sources is newer than one of them. */
async function bundle(sources: readonly string[]): Promise<void> {
  const times = async (files: readonly string[]) =>
    Promise.all(files.map((file) => stat(file).then(({ mtimeMs }) => mtimeMs)));
  const inputs = await times(sources.map((source) => join(root, "src", source)));
  const outputs = await times(BUNDLES.map(outputOf)).catch(() => [0]);
  if (Math.max(...inputs) > Math.min(...outputs)) {
    execFileSync(process.execPath, [join(root, ".ci/bundle-pages.mjs")], { stdio: "inherit" });
  }
}

const outputOf = (source: string): string => join(root, "dist", source.replace(/\.ts$/, ".js"));

async function removeLeftovers(sources: ReadonlySet<string>): Promise<void> {
  const outputs = await glob("**/*.js", { cwd: join(root, "dist") });
  for (const output of outputs) {
    if (sources.has(output.replace(/\.js$/, ".ts"))) continue;
    await rm(join(root, "dist", output), { force: true });
    await rm(join(root, "dist", output.replace(/\.js$/, ".d.ts")), { force: true });
  }
}

async function isStale(source: string): Promise<boolean> {
  const input = await stat(join(root, "src", source));
  const output = await stat(outputOf(source)).catch(() => null);
  return output === null || output.mtimeMs < input.mtimeMs;
}

async function compile(sources: readonly string[]): Promise<void> {
  const transpile = await createTranspiler(root);
  for (const source of sources) {
    const fileName = join(root, "src", source);
    const { code } = transpile(fileName, await readFile(fileName, "utf8"));
    const output = outputOf(source);
    const partial = `${output}.${process.pid}`;
    await mkdir(dirname(output), { recursive: true });
    await writeFile(partial, code);
    await rename(partial, output);
  }
}
