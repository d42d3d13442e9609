/**
 * Bundles the program and the scripts of its pages into `dist`. Each file that Node loads costs start-up time, so the
 * program becomes few files. Browsers take no TypeScript and no imports, so the client of each page becomes one script.
 * Packages stay outside, so that `npm` sees and updates them, except those that every run loads in dozens of files.
 *
 * Constants have to stay `const`: V8 treats those as known where it compiles loops, and no `var`.
 *
 * Source maps lie beside the program for its coverage; they are not published.
 *
 * With `--if-changed` it does nothing when its sources are those of the last bundle, so that a test run does not replace
 * files under another one. Each file is replaced atomically.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { globSync } from "tinyglobby";

const root = fileURLToPath(new URL("..", import.meta.url));

const hash = createHash("sha256");
const sources = ["src/**/*.ts", "tsconfig*.json", "package{,-lock}.json", ".ci/bundle.mjs"];
for (const path of globSync(sources, { cwd: root, dot: true }).sort()) {
  hash.update(`${path}\0`).update(readFileSync(join(root, path)));
}
const digest = hash.digest("hex");
const digestPath = join(root, "dist", ".sources");
if (process.argv.includes("--if-changed") && textOf(digestPath) === digest) process.exit();

/** Packages that are bundled: they were half of the files that a start loads. */
const bundled = ["yaml", "zod"];

const named = (names) => Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));

// in one build, so that what several entries share becomes a chunk of its own
const program = await build({
  cwd: root,
  input: named(["index", "cli/run-process", "runtime/engine-worker", "sweep/run/sweep-worker"]),
  external: new RegExp(`^(?!@oxc-project/runtime|(?:${bundled.join("|")})$)[@#a-z]`), // the compiler's helpers are bundled too
  platform: "node",
  tsconfig: "tsconfig.build.json",
  transform: { target: "node20.19" },
  write: false,
  output: {
    format: "esm",
    sourcemap: "hidden",
    chunkFileNames: "chunks/[name]-[hash].js",
    comments: { legal: true, annotation: false, jsdoc: false }, // a sixth of the text that each start reads
  },
});

const pages = await Promise.all(
  ["http/page/client/main", "report/client/main"].map((name) =>
    build({
      cwd: root,
      input: named([name]),
      platform: "browser",
      tsconfig: "tsconfig.page.json",
      transform: { target: "es2022" },
      write: false,
      output: { format: "iife", minify: true, comments: false },
    }),
  ),
);

const built = [program, ...pages].flatMap(({ output }) =>
  output.map((file) => ({
    path: join(root, "dist", file.fileName),
    contents: file.type === "chunk" ? file.code : file.source,
  })),
);

/** Packages whose code is in the bundle; their licenses are published with it. */
const contained = new Set(
  [program, ...pages]
    .flatMap(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds))
    .flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
);
const licenses = [...contained].sort().map((name) => {
  const license = readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8");
  return `${name}\n\n${license.trim()}\n`;
});
const files = [
  ...built,
  { path: join(root, "dist", "LICENSES.txt"), contents: licenses.join("\n\n") },
];
for (const { path, contents } of files) {
  const partial = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(partial, contents);
  renameSync(partial, path);
}

const current = new Set(files.map(({ path }) => path));
const present = globSync("dist/**/*.{js,map}", { cwd: root, absolute: true });
for (const path of present) if (!current.has(path)) rmSync(path, { force: true });
writeFileSync(digestPath, digest);

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
