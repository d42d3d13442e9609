import { setImmediate } from "node:timers/promises";
import type { SavedParts } from "../../service/snapshot/snapshot-parts.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import type { Position } from "./position.ts";

/** Snapshot parts, and the log position at which each pipeline was saved. */
export interface Collected extends SavedParts {
  readonly position: Position;
}

/** Attempts with pauses; the next one runs without. */
const ATTEMPTS = 5;

/**
 * Saves the state machine in slices, so that requests are answered in between. Commands that change one
 * pipeline may run between slices; the position records which of them each pipeline contains. Any other
 * change restarts the save.
 *
 * @param versions Versions of the parts that are saved already.
 * @param sliceMs Longest slice.
 */
export async function collect(
  machine: StateMachine,
  log: WriteAheadLog,
  versions: ReadonlyMap<string, number>,
  sliceMs: number,
): Promise<Collected> {
  for (let attempt = 1; ; attempt++) {
    const { wideChanges } = machine;
    const isUndisturbed = (): boolean => machine.wideChanges === wideChanges;
    const pause = attempt < ATTEMPTS ? { sliceMs, isUndisturbed } : null;
    const collected = await collectOnce(machine, log, versions, pause);
    if (collected !== null) return collected;
  }
}

/** How to pause between slices. */
interface Pause {
  readonly sliceMs: number;
  /** Whether the save can continue after a pause. */
  isUndisturbed(): boolean;
}

async function collectOnce(
  machine: StateMachine,
  log: WriteAheadLog,
  versions: ReadonlyMap<string, number>,
  pause: Pause | null,
): Promise<Collected | null> {
  const all = log.position;
  const positions = new Map<number, number>();
  const saving = machine.saving(versions);
  let begun = performance.now();
  for (;;) {
    const step = saving.next();
    if (step.done === true) {
      const later = [...positions].filter(([, position]) => position > all);
      return { ...step.value, position: { all, pipelines: new Map(later) } };
    }
    // the first step of a pipeline fixes its position
    if (!positions.has(step.value)) positions.set(step.value, log.position);
    if (pause === null || performance.now() - begun < pause.sliceMs) continue;
    await setImmediate();
    if (!pause.isUndisturbed()) {
      saving.return({ changed: [], removed: [] });
      return null;
    }
    begun = performance.now();
  }
}
