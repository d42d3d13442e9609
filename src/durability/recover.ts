import { DEFAULT_LIMITS, type Limits } from "../service/checks/limits.ts";
import { CommandError } from "../service/command-error.ts";
import { StateMachine } from "../service/state-machine.ts";
import type { CheckpointStore } from "../state/checkpoint-store.ts";
import type { SegmentLog } from "../state/segment-log.ts";
import type { Restored } from "./checkpoint/checkpoints.ts";
import type { Position } from "./checkpoint/position.ts";
import { readCheckpoint } from "./checkpoint/read-checkpoint.ts";
import { decodeCommand } from "./log/record.ts";
import type { Notify } from "./notify.ts";

/** What a start came to. */
export interface Recovered {
  /** Records of the journal that were executed again. */
  readonly records: number;
  /** Records that could not be: what they were about is lost. */
  readonly recordsLost: number;
  /** Pieces of the checkpoint that were damaged, whether they could be rebuilt or not. */
  readonly partsDamaged: number;
}

/** How the state machine is brought back. */
export interface RecoverOptions {
  readonly report: Notify;
  readonly limits?: Limits;
  /** Is given the state machine before what the journal has is executed again, to hear of that too. */
  readonly prepare?: (machine: StateMachine) => void;
}

/** The state machine as it was, as far as files say. */
export interface RecoveredState {
  readonly machine: StateMachine;
  readonly restored: Restored;
  readonly recovered: Recovered;
}

/**
 * Brings the state machine back: the best checkpoint, and what the journal has after it. Whatever the files hold,
 * there is the state machine; what is lost is said.
 */
export async function recover(
  store: CheckpointStore,
  log: SegmentLog,
  options: RecoverOptions,
): Promise<RecoveredState> {
  const { report, limits = DEFAULT_LIMITS, prepare } = options;
  const { position, parts, damaged, use } = await readCheckpoint(store, log.firstSeq);
  if (use === "older") {
    report(
      "warn",
      `${damaged} pieces of the newest checkpoint are damaged: rebuilt from the one before`,
    );
  }
  const machine = restore(parts, report, limits);
  prepare?.(machine);
  const missing = Math.max(0, log.firstSeq - position.all - 1);
  if (missing > 0) report("warn", `${missing} records are missing at the beginning of the journal`);
  const { records, failed } = await replay(machine, log, position, report);
  return {
    machine,
    restored: { position: position.all, startOver: damaged > 0 },
    recovered: { records, recordsLost: missing + failed, partsDamaged: damaged },
  };
}

function restore(
  pieces: ReadonlyMap<string, Uint8Array>,
  say: Notify,
  limits: Limits,
): StateMachine {
  try {
    return StateMachine.restore(pieces, (loss) => say("warn", loss), limits);
  } catch (error) {
    say("error", `the checkpoint can't be used, all begins anew: ${reasonOf(error)}`);
    return new StateMachine(limits);
  }
}

async function replay(
  machine: StateMachine,
  log: SegmentLog,
  { all, pipelines }: Position,
  say: Notify,
) {
  let [records, failed, first] = [0, 0, ""];
  for await (const { seq, payload } of log.read(all + 1)) {
    try {
      const command = decodeCommand(payload);
      const target = machine.target(command);
      if (target !== null && seq <= (pipelines.get(target) ?? 0)) continue; // it has been saved since
      machine.execute(command);
      records += 1;
    } catch (error) {
      failed += 1;
      first ||= `record ${seq} of the journal can't be executed again: ${reasonOf(error)}`;
    }
  }
  if (failed > 0) say("warn", failed > 1 ? `${first} (and ${failed - 1} more)` : first);
  return { records, failed };
}

function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
