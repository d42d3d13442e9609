import { setImmediate } from "node:timers/promises";
import type { CheckpointValue } from "./checkpoint-value.ts";
import type { Level } from "./level-store.ts";
import { type ManifestEntry, valueKey } from "./manifest.ts";
import { seal } from "./sealed.ts";

/** Bytes after which others have their turn: some milliseconds. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** What the checksum of a value covers beside its bytes. */
export function labelOf(name: string, version: number): string {
  return `${name}\n${version}`;
}

/**
 * Puts sealed values into a batch, with pauses when they are many.
 *
 * @returns Where each of them will be.
 */
export async function putValues(
  batch: ReturnType<Level["batch"]>,
  generation: number,
  values: readonly CheckpointValue[],
): Promise<ReadonlyMap<string, ManifestEntry>> {
  const entries = new Map<string, ManifestEntry>();
  let slice = 0;
  for (const [i, { name, version, bytes }] of values.entries()) {
    const key = valueKey(generation, i);
    entries.set(name, { version, key });
    batch.put(key, seal(labelOf(name, version), bytes));
    slice += bytes.length;
    if (slice < SLICE_BYTES) continue;
    slice = 0;
    await setImmediate();
  }
  return entries;
}
