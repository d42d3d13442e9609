import type { CheckpointValue } from "../../state/checkpoint/checkpoint-value.ts";
import type { Generation } from "../../state/checkpoint/generation.ts";
import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import { isPosition, positionOf, type SavedPosition } from "./position.ts";

/** A saved state. */
export interface Checkpoint {
  readonly position: SavedPosition;
  readonly parts: readonly CheckpointValue[];
  /** Number of damaged parts of the newest checkpoint. */
  readonly damaged: number;
  /** Which checkpoint is used. */
  readonly use: "newest" | "older";
}

/**
 * Chooses the best checkpoint: the newest if it is intact; else the previous one if it is intact and the log
 * reaches back to it; else the intact parts of the newest.
 *
 * @param newest The newest generation.
 * @param logFrom First record of the log.
 */
export async function readCheckpoint(
  store: CheckpointStore,
  newest: Generation,
  logFrom: number,
): Promise<Checkpoint> {
  const damaged = newest.damaged.length;
  const checkpoint = checkpointOf(newest, damaged, "newest");
  if (damaged === 0) return checkpoint;
  const older = await store.readOlder();
  if (older === null) return checkpoint;
  const before = checkpointOf(older, damaged, "older");
  return logFrom > before.position.all + 1 ? checkpoint : before;
}

function checkpointOf({ values }: Generation, damaged: number, use: Checkpoint["use"]): Checkpoint {
  return {
    position: positionOf(values),
    parts: [...values.values()].filter(({ name }) => !isPosition(name)),
    damaged,
    use,
  };
}
