import { DEFAULT_LIMITS, type Limits } from "../service/checks/limits.ts";
import { CommandError } from "../service/command-error.ts";
import { StateMachine } from "../service/state-machine.ts";
import type { Generation } from "../state/checkpoint/generation.ts";
import type { CheckpointStore } from "../state/checkpoint-store.ts";
import type { SegmentLog } from "../state/segment-log.ts";
import type { Restored } from "./checkpoint/checkpoints.ts";
import type { Position } from "./checkpoint/position.ts";
import { readCheckpoint } from "./checkpoint/read-checkpoint.ts";
import { decodeCommand } from "./log/record.ts";
import type { Notify } from "./log/write-ahead-log.ts";

/** Result of a recovery. */
export interface Recovered {
  /** Log records that were executed again. */
  readonly records: number;
  /** Log records that are missing or failed. */
  readonly recordsLost: number;
  /** Damaged parts of the newest checkpoint, rebuilt ones included. */
  readonly partsDamaged: number;
}

/** Settings of a recovery. */
export interface RecoverOptions {
  readonly report: Notify;
  readonly limits?: Limits;
  /** Receives the state machine before log records are executed again, to add listeners. */
  readonly prepare?: (machine: StateMachine) => void;
}

/** A recovered state machine. */
export interface RecoveredState {
  readonly machine: StateMachine;
  readonly restored: Restored;
  readonly recovered: Recovered;
}

/**
 * Restores a state machine from the best checkpoint and the log records after it. Never fails on damaged
 * files: it reports what is lost.
 */
export async function recover(
  store: CheckpointStore,
  newest: Generation,
  log: SegmentLog,
  options: RecoverOptions,
): Promise<RecoveredState> {
  const { report, limits = DEFAULT_LIMITS, prepare } = options;
  const { position, parts, damaged, use } = await readCheckpoint(store, newest, log.firstSeq);
  if (use === "older") {
    report(
      "warn",
      `${damaged} parts of the newest checkpoint are damaged: rebuilt from the one before`,
    );
  }
  const machine = restore(parts, report, limits);
  prepare?.(machine);
  const { records, failed } = await replay(machine, log, position, report);
  return {
    machine,
    restored: { position: position.all, startOver: damaged > 0 },
    recovered: { records, recordsLost: failed, partsDamaged: damaged },
  };
}

function restore(
  parts: ReadonlyMap<string, Uint8Array>,
  report: Notify,
  limits: Limits,
): StateMachine {
  try {
    return StateMachine.restore(parts, (loss) => report("warn", loss), limits);
  } catch (error) {
    report("error", `the checkpoint can't be used, the state starts empty: ${reasonOf(error)}`);
    return new StateMachine(limits);
  }
}

async function replay(
  machine: StateMachine,
  log: SegmentLog,
  { all, pipelines }: Position,
  report: Notify,
) {
  let [records, failed, first] = [0, 0, ""];
  for await (const { seq, payload } of log.read(all + 1)) {
    try {
      const command = decodeCommand(payload);
      const target = machine.target(command);
      if (target !== null && seq <= (pipelines.get(target) ?? 0)) continue; // the checkpoint contains it
      machine.execute(command);
      records += 1;
    } catch (error) {
      failed += 1;
      first ||= `record ${seq} of the journal can't be executed again: ${reasonOf(error)}`;
    }
  }
  if (failed > 0) report("warn", failed > 1 ? `${first} (and ${failed - 1} more)` : first);
  return { records, failed };
}

function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
