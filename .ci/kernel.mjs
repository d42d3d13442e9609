/**
 * Compiles the kernel in `src/core/kernel` to WebAssembly and writes it as text into a module, so that it loads
 * with the program. With `--check` it writes nothing and fails when the module differs from the source.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}src/core/sorted-window/kernel-code.ts`;

let binary = null;
const { error, stderr } = await asc.main(
  [
    "src/core/kernel/index.ts",
    "--outFile",
    "kernel.wasm",
    "--runtime",
    "stub",
    "-O3",
    "--noAssert",
  ],
  {
    readFile: (name, folder) => read(`${folder}/${name}`),
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents;
    },
    listFiles: () => [],
  },
);
if (error !== null || binary === null) {
  console.error(stderr.toString());
  process.exit(1);
}

const code = `/** What \`npm run kernel\` made of \`kernel/\`: WebAssembly in base 64. */
export const KERNEL =
  "${Buffer.from(binary).toString("base64")}";
`;
if (!process.argv.includes("--check")) writeFileSync(target, code);
else if (read(target) !== code) {
  console.error(
    "src/core/sorted-window/kernel-code.ts differs from the compiled src/core/kernel: npm run kernel",
  );
  process.exit(1);
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
