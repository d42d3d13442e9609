import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { atEnd } from "./at-end.ts";
import { spawnNode } from "./spawn-node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a benchmark script as users run the program: compiled, without a loader.
 *
 * A loader transfers memory to its thread. After that, V8 checks every access to a typed array, because
 * array buffers may be detached; the engine takes a tenth longer.
 *
 * @param script File in the folder of the benchmarks.
 * @throws {Error} If it fails; it prints the reason.
 */
export async function runInPlainNode(script: string, args: readonly string[]): Promise<void> {
  // below the packages, so that imports find them
  const bundle = `${ROOT}node_modules/.cache/iotmon-bench/${process.pid}.mjs`;
  atEnd(() => rmSync(bundle, { force: true }));
  await build({
    cwd: ROOT,
    input: `bench/${script}`,
    external: /^(?!@oxc-project\/runtime)[@#a-z]/, // packages
    platform: "node",
    transform: { target: "node20.19" },
    output: { file: bundle, format: "esm", codeSplitting: false },
  });
  const child = spawnNode([bundle, ...args], ["inherit", "inherit", "inherit"]);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
}
