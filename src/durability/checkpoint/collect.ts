import type { SnapshotPart } from "../../service/snapshot/snapshot-parts.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { GenerationWriter } from "../../state/checkpoint/generation-writer.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import { Slices } from "../slices.ts";
import type { Position } from "./position.ts";

/** A generation to save: everything is in its writer. */
export interface Collected {
  readonly writer: GenerationWriter;
  /** Names of values that are no longer needed. */
  readonly removed: readonly string[];
  /** Log position at which each pipeline was saved. */
  readonly position: Position;
}

/** Attempts with pauses, each of which may write; the next one runs without. */
const ATTEMPTS = 2;

/**
 * Passes what has changed in the state machine to a writer, in slices, so that requests are answered in
 * between. Commands that change one pipeline may run between slices; the position records which of them each
 * pipeline contains. Any other change restarts the save.
 *
 * @param begin Begins a generation.
 * @param sliceMs Longest slice.
 * @param seal Seals the secrets of a part.
 * @throws {IotmonError} `ERR_IO`.
 */
export async function collect(
  machine: StateMachine,
  log: WriteAheadLog,
  begin: () => GenerationWriter,
  sliceMs: number,
  seal: (part: SnapshotPart) => SnapshotPart,
): Promise<Collected> {
  for (let attempt = 1; ; attempt++) {
    const { wideChanges } = machine;
    const isUndisturbed = (): boolean => machine.wideChanges === wideChanges;
    const pause = attempt <= ATTEMPTS ? { sliceMs, isUndisturbed } : null;
    const collected = await collectOnce(machine, log, begin(), seal, pause);
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
  writer: GenerationWriter,
  seal: (part: SnapshotPart) => SnapshotPart,
  pause: Pause | null,
): Promise<Collected | null> {
  const all = log.position;
  const positions = new Map<number, number>();
  const saving = machine.saving(writer.versions, (part) => writer.put(seal(part)));
  try {
    const slices = new Slices(pause?.sliceMs ?? Number.POSITIVE_INFINITY);
    for (;;) {
      const step = saving.next();
      if (step.done === true) {
        const later = [...positions].filter(([, position]) => position > all);
        return { writer, removed: step.value, position: { all, pipelines: new Map(later) } };
      }
      // the first step of a pipeline fixes its position
      if (!positions.has(step.value)) positions.set(step.value, log.position);
      if (pause === null || !slices.isOver) continue;
      await slices.pause(writer.isFull ? () => writer.flush() : undefined);
      if (!pause.isUndisturbed()) {
        await writer.abandon();
        return null;
      }
    }
  } finally {
    saving.return([]);
  }
}
