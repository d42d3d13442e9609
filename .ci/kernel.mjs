/**
 * Compiles the kernels in `src/core/kernel` to WebAssembly and writes each as text into a module, so that it loads
 * with the program. With `--check` it writes nothing and fails when a module differs from its source.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Modules by the entry of their kernel. */
const kernels = {
  "src/core/kernel/index.ts": "src/core/sorted-window/kernel-code.ts",
  "src/core/kernel/decimal/index.ts": "src/core/text-bytes/decimal-code.ts",
};

for (const [entry, path] of Object.entries(kernels)) {
  const code = moduleOf(await compiled(entry), entry);
  const target = `${root}${path}`;
  if (!process.argv.includes("--check")) writeFileSync(target, code);
  else if (read(target) !== code) {
    console.error(`${path} differs from the compiled ${dirname(entry)}: npm run kernel`);
    process.exit(1);
  }
}

/** The WebAssembly of a kernel. */
async function compiled(entry) {
  let binary = null;
  const options = ["--outFile", "kernel.wasm", "--runtime", "stub", "-O3", "--noAssert"];
  const { error, stderr } = await asc.main([entry, ...options], {
    readFile: (name, folder) => read(`${folder}/${name}`),
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents;
    },
    listFiles: () => [],
  });
  if (error === null && binary !== null) return binary;
  console.error(stderr.toString());
  process.exit(1);
}

function moduleOf(binary, entry) {
  const folder = dirname(entry).replace("src/core/", "");
  return `/** What \`npm run kernel\` made of \`${folder}/\`: WebAssembly in base 64. */
export const KERNEL =
  "${Buffer.from(binary).toString("base64")}";
`;
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
