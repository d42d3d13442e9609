/**
 * Makes one script of each page's client, as a browser takes it: no TypeScript, no imports. Put in place
 * whole, as several test runs may do this at once.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const page of ["http", "report"]) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [`src/${page}/page/client/main.ts`],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    tsconfig: "tsconfig.page.json",
    legalComments: "none",
    write: false,
  });
  const target = `${root}dist/${page}/page/client/main.js`;
  mkdirSync(dirname(target), { recursive: true });
  const [script] = outputFiles;
  writeFileSync(`${target}.${process.pid}`, script.contents);
  renameSync(`${target}.${process.pid}`, target);
}
