import type { CheckpointValue } from "../../state/checkpoint/checkpoint-value.ts";
import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import { isPosition, type Position, positionOf } from "./position.ts";

/** A saved state. */
export interface Checkpoint {
  readonly position: Position;
  readonly parts: ReadonlyMap<string, Uint8Array>;
  /** Number of damaged parts of the newest checkpoint. */
  readonly damaged: number;
  /** Which checkpoint is used. */
  readonly use: "newest" | "older";
}

/**
 * Reads the best checkpoint: the newest if it is intact; else the previous one if it is intact and the log
 * reaches back to it; else the intact parts of the newest.
 *
 * @param logFrom First record of the log.
 */
export async function readCheckpoint(store: CheckpointStore, logFrom: number): Promise<Checkpoint> {
  const position = positionOf(store.versions);
  const names = [...store.versions.keys()].filter((name) => !isPosition(name));
  const values: CheckpointValue[] = [];
  for (const name of names) {
    const stored = await store.read(name);
    if (stored.kind === "intact") values.push(stored.value);
  }
  const damaged = names.length - values.length;
  const newest: Checkpoint = { position, parts: partsOf(values), damaged, use: "newest" };
  if (damaged === 0) return newest;
  const older = await store.readOlder();
  const before = positionOf(new Map(older?.map(({ name, version }) => [name, version])));
  if (older === null || logFrom > before.all + 1) return newest;
  return { position: before, parts: partsOf(older), damaged, use: "older" };
}

function partsOf(values: readonly CheckpointValue[]): ReadonlyMap<string, Uint8Array> {
  const parts = values.filter(({ name }) => !isPosition(name));
  return new Map(parts.map(({ name, bytes }) => [name, bytes]));
}
