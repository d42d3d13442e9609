/**
 * One folder for all temporary files of a test run and of the programs that it starts. The end of the run
 * deletes it.
 *
 * @module
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder = "";

/** Entry for vitest's `globalSetup`: processes started from here on inherit the variable. */
export async function setup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "iotmon-tests-"));
  await chmod(folder, 0o1777); // like /tmp: some programs run as another user
  process.env["TMPDIR"] = folder;
}

/** Entry for vitest's `globalSetup`. */
export async function teardown(): Promise<void> {
  // a program may still be exiting
  await rm(folder, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
}
