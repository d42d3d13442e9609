/**
 * Bundles into `dist` what runs: the program into few files, as each that Node loads costs its start
 * time, and of each page's client one script, as a browser takes it: no TypeScript, no imports. Packages
 * stay outside, so that `npm` sees and updates them, but for those that every run loads in dozens of files.
 * Files are put in place whole, as several test runs may do this at once.
 *
 * Constants have to stay `const`: V8 takes those for known where it compiles loops, and no `var`.
 *
 * Source maps lie beside the program for the coverage of it; they are not published.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { globSync } from "tinyglobby";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Packages that are bundled: half of the files of a start were theirs. */
const bundled = ["yaml", "zod"];

const named = (names) => Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));

// in one go, so that what several entries share is one module of its own
const program = await build({
  cwd: root,
  input: named(["index", "cli/run-process", "runtime/engine-worker", "sweep/run/sweep-worker"]),
  external: new RegExp(`^(?!@oxc-project/runtime|(?:${bundled.join("|")})$)[@#a-z]`), // the compiler's own is in, too
  platform: "node",
  tsconfig: "tsconfig.build.json",
  transform: { target: "node20.19" },
  write: false,
  output: { format: "esm", sourcemap: "hidden", chunkFileNames: "chunks/[name]-[hash].js" },
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

/** Packages of which there is code in what was built; their licenses go along. */
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
