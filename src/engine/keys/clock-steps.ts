import type { SequencedBatch } from "../../core/batch.ts";
import type { EventQueue } from "../event-queue.ts";
import type { KeyState } from "./key-state.ts";

/** The clock of a key was set before a row of a batch. */
export interface RowStep {
  readonly row: number;
  readonly key: number;
  /** How far it was set forward, ms. */
  readonly ms: number;
}

/**
 * Runs rows of a key, among which may be some at which its clock was set.
 *
 * @param rows Rows of the key in the batch.
 * @param first Position of the first of them among the rows of all keys.
 * @param apply Runs the rows between two such positions.
 * @returns The steps of the clock.
 */
export function applyAcrossSteps(
  state: KeyState,
  batch: SequencedBatch,
  rows: Uint32Array,
  first: number,
  apply: (from: number, to: number) => void,
  queue: EventQueue,
): readonly RowStep[] {
  const sets = new Set(batch.restarts);
  const steps: RowStep[] = [];
  let start = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (!sets.has(row)) continue;
    apply(first + start, first + i);
    const done = i === 0 ? 0 : (rows[i - 1] as number) + 1;
    const ms = state.setClock(batch, row, done, queue);
    steps.push({ row, key: batch.keys[row] as number, ms });
    start = i;
  }
  apply(first + start, first + rows.length);
  return steps;
}
