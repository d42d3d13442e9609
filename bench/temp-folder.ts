import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";

/** A new folder; the end of the benchmark deletes it. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "iotmon-bench-"));
  // a process that writes to it may have ended just before
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
