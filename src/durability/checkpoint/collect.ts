import { setImmediate } from "node:timers/promises";
import type { SavedParts } from "../../service/snapshot/snapshot-parts.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import type { Position } from "./position.ts";

/** The pieces of a machine, and where in the journal each pipeline was saved. */
export interface Collected extends SavedParts {
  readonly position: Position;
}

/** Attempts with pauses; then it is done without. */
const ATTEMPTS = 5;

/**
 * Saves a machine bit by bit, so that requests are answered meanwhile. Rows and observations may come in
 * between; they belong to one pipeline each, and the position says which of them has what.
 * When anything else changes, it begins anew.
 *
 * @param versions Versions of the pieces that are saved already.
 * @param sliceMs Time after which others have their turn.
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

/** When to let others have their turn, and whether one can go on after it. */
interface Pause {
  readonly sliceMs: number;
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
    // its first step: it is saved as it is now
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
