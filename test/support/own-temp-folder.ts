/**
 * One folder for all that the tests of a run, and the programs that they start, leave in the temporary
 * folder of the system. It goes when the run has ended.
 *
 * @module
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder = "";

/** Entry for vitest's `globalSetup`: whoever is started from here on inherits the variable. */
export async function setup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "iotmon-tests-"));
  await chmod(folder, 0o1777); // as the system's: some programs run as another user
  process.env["TMPDIR"] = folder;
}

/** Entry for vitest's `globalSetup`. */
export async function teardown(): Promise<void> {
  // a program may be at its end still
  await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
}
