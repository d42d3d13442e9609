import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { atEnd } from "./at-end.ts";
import { spawnNode } from "./spawn-node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a script of the benchmarks as users run the program: compiled beforehand, without a loader.
 *
 * A loader that hands memory over to its thread costs every access to a typed array a check from then
 * on (V8 trusts no longer that array buffers stay), which adds a tenth to the engine's time.
 *
 * @param script In the folder of the benchmarks.
 * @throws {Error} When it fails; it has said why.
 */
export async function runInPlainNode(script: string, args: readonly string[]): Promise<void> {
  // below the packages, so that they are found
  const bundle = `${ROOT}node_modules/.cache/iotmon-bench/${process.pid}.mjs`;
  atEnd(() => rmSync(bundle, { force: true }));
  await build({
    cwd: ROOT,
    input: `bench/${script}`,
    external: /^(?!@oxc-project\/runtime)[@#a-z]/, // packages
    platform: "node",
    transform: { target: "node20.19" },
    output: { file: bundle, format: "esm" },
  });
  const child = spawnNode([bundle, ...args], ["inherit", "inherit", "inherit"]);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
}
