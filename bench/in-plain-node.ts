import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

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
export function runInPlainNode(script: string, args: readonly string[]): void {
  // below the packages, so that they are found
  const bundle = `${ROOT}node_modules/.cache/iotmon-bench/${process.pid}.mjs`;
  try {
    buildSync({
      absWorkingDir: ROOT,
      entryPoints: [`bench/${script}`],
      outfile: bundle,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
    });
    execFileSync(process.execPath, [bundle, ...args], { cwd: ROOT, stdio: "inherit" });
  } finally {
    rmSync(bundle, { force: true });
  }
}
