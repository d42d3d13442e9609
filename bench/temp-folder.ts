import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at-end.ts";

/** A new folder, gone when the benchmark ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "iotmon-bench-"));
  // what writes to it may have been ended only just now
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
