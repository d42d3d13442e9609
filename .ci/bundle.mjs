/**
 * Bundles into `dist` what runs: the program into few files, as each that Node loads costs its start
 * time, and of each page's client one script, as a browser takes it: no TypeScript, no imports. Packages
 * stay outside, so that `npm` sees and updates them. Files are put in place whole, as several test runs
 * may do this at once.
 *
 * Source maps lie beside the program for the coverage of it; they are not published.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { globSync } from "tinyglobby";

const root = fileURLToPath(new URL("..", import.meta.url));

const common = { absWorkingDir: root, bundle: true, outbase: "src", outdir: "dist", write: false };

// in one go, so that what several entries share is one module of its own
const program = buildSync({
  ...common,
  entryPoints: [
    "src/index.ts",
    "src/cli/run-process.ts",
    "src/runtime/engine-worker.ts",
    "src/report/sweep/sweep-worker.ts",
  ],
  packages: "external",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20.19",
  tsconfig: "tsconfig.build.json",
  sourcemap: "external",
  sourcesContent: false,
});

const pages = buildSync({
  ...common,
  entryPoints: ["src/http/page/client/main.ts", "src/report/page/client/main.ts"],
  minify: true,
  format: "iife",
  target: "es2022",
  tsconfig: "tsconfig.page.json",
  legalComments: "none",
});

const files = [...program.outputFiles, ...pages.outputFiles];
for (const { path, contents } of files) {
  const partial = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(partial, contents);
  renameSync(partial, path);
}

const current = new Set(files.map(({ path }) => path));
const present = globSync("dist/**/*.{js,map}", { cwd: root, absolute: true });
for (const path of present) if (!current.has(path)) rmSync(path, { force: true });
