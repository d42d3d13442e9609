import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Entry for vitest's `globalSetup`: bundles changed sources into `dist`, so that tests can start the real
 * `bin/iotmon.js`. `npm run typecheck` checks the types.
 */
export function setup(): void {
  const script = fileURLToPath(new URL("../../.ci/bundle.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "--if-changed"], { stdio: "inherit" });
}
