/**
 * Compiles the kernel in `src/core/kernel` to WebAssembly, as text within a module of the program, so that it
 * is there however the program is loaded. With `--check` nothing is written, and what is there has to be it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}src/core/kernel-code.ts`;

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
    "src/core/kernel-code.ts is not what src/core/kernel is compiled to: npm run kernel",
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
