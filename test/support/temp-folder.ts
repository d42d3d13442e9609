import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new folder. The end of the test deletes it, or the end of the run if a program still writes to it. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "iotmon-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {}));
  return folder;
}
