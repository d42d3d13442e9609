import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Entry for vitest's `globalSetup`: brings `dist` up to date, so that tests can start the real
 * `bin/iotmon.js`. Types are `npm run typecheck`'s job.
 */
export function setup(): void {
  const script = fileURLToPath(new URL("../../.ci/bundle.mjs", import.meta.url));
  execFileSync(process.execPath, [script], { stdio: "inherit" });
}
