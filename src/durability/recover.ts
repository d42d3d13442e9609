import { DEFAULT_LIMITS, type Limits } from "../service/checks/limits.ts";
import { CommandError } from "../service/command-error.ts";
import type { Command } from "../service/commands.ts";
import { StateMachine } from "../service/state-machine.ts";
import type { CheckpointValue } from "../state/checkpoint/checkpoint-value.ts";
import type { Generation } from "../state/checkpoint/generation.ts";
import type { CheckpointStore } from "../state/checkpoint-store.ts";
import type { SegmentLog } from "../state/segment-log.ts";
import type { Restored } from "./checkpoint/checkpoints.ts";
import type { Position } from "./checkpoint/position.ts";
import { readCheckpoint } from "./checkpoint/read-checkpoint.ts";
import type { Notify } from "./log/log-settings.ts";
import { decodeCommand } from "./log/record.ts";
import type { SecretDocuments } from "./secrets/secret-documents.ts";
import { Slices } from "./slices.ts";

/** Result of a recovery. */
export interface Recovered {
  /** Log records that were executed again. */
  readonly records: number;
  /** Log records that are missing or failed. */
  readonly recordsLost: number;
  /** Damaged parts of the newest checkpoint, rebuilt ones included. */
  readonly partsDamaged: number;
}

/** How far a recovery is. */
export interface RecoveryProgress {
  /** Sensors that were restored from the checkpoint. */
  readonly sensors: number;
  /** Log records that were executed again, of so many. */
  readonly records: number;
  readonly recordsInAll: number;
}

/** Settings of a recovery. */
export interface RecoverOptions {
  readonly report: Notify;
  readonly limits?: Limits;
  /** Opens the secrets of documents; null: they stay sealed. */
  readonly secrets: SecretDocuments | null;
  /** Receives the state machine before records with unsettled effects are executed again, to add listeners. */
  readonly prepare?: (machine: StateMachine) => void;
  /** Called every few milliseconds of a recovery; other events are handled in between. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
}

/** A recovered state machine. */
export interface RecoveredState {
  readonly machine: StateMachine;
  readonly restored: Omit<Restored, "hasPlain">;
  readonly recovered: Recovered;
  readonly cost: RecoveryCost;
}

/** Processor time of the process so far, ms. Other programs can't make it longer, unlike the time that passes. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What a recovery took. */
interface RecoveryCost {
  /** Processor time for the checkpoint, ms. */
  readonly restoreMs: number;
  /** Processor time for the records after it, ms. */
  readonly replayMs: number;
  /** Bytes of these records in the log. */
  readonly journalBytes: number;
  /** See `SavedPosition`. */
  readonly owed: number;
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
  const { report, limits = DEFAULT_LIMITS, secrets, prepare } = options;
  const begun = processorMs();
  const { position, parts, damaged, use } = await readCheckpoint(store, newest, log.firstSeq);
  if (use === "older") {
    report(
      "warn",
      `${damaged} parts of the newest checkpoint are damaged: rebuilt from the one before`,
    );
  }
  const recordsInAll = log.nextSeq - 1 - position.all;
  const slices = new Slices();
  let [sensors, executed] = [0, 0];
  const pause = async (): Promise<void> => {
    options.onProgress?.({ sensors, records: executed, recordsInAll });
    await slices.pause();
  };
  const machine = await restore(parts, { report, limits, secrets }, async () => {
    sensors += 1;
    if (slices.isOver) await pause();
  });
  const restored = processorMs();
  const replay = new Replay(machine, position, store.noted, () => prepare?.(machine));
  const decode = (record: Uint8Array): Command => {
    const command = decodeCommand(record);
    return secrets?.openCommand(command) ?? command;
  };
  for await (const { seq, payload } of log.read(position.all + 1)) {
    replay.execute(seq, payload.length, () => decode(payload));
    executed += 1;
    if (slices.isOver) await pause();
  }
  const { records, failed, bytes } = replay.end(report);
  return {
    machine,
    restored: { position: position.all, startOver: damaged > 0 },
    recovered: { records, recordsLost: failed, partsDamaged: damaged },
    cost: {
      restoreMs: restored - begun,
      replayMs: processorMs() - restored,
      journalBytes: bytes,
      owed: position.owed,
    },
  };
}

/** @param step Called after each sensor. */
async function restore(
  parts: readonly CheckpointValue[],
  { report, limits, secrets }: Required<Pick<RecoverOptions, "report" | "limits" | "secrets">>,
  step: () => Promise<void>,
): Promise<StateMachine> {
  try {
    const opened = parts.map((part) => secrets?.openPart(part) ?? part);
    const restoring = StateMachine.restoring(opened, (loss) => report("warn", loss), limits);
    for (;;) {
      const next = restoring.next();
      if (next.done === true) return next.value;
      await step();
    }
  } catch (error) {
    report("error", `the checkpoint can't be used, the state starts empty: ${reasonOf(error)}`);
    return new StateMachine(limits);
  }
}

/** Executes log records again. */
class Replay {
  readonly #machine: StateMachine;
  readonly #position: Position;
  readonly #settled: number;
  #prepare: (() => void) | null;
  #failure = "";
  records = 0;
  failed = 0;
  bytes = 0;

  /**
   * @param settled Last record whose effects listeners have stored.
   * @param prepare Called before the first record after it, or at the end.
   */
  constructor(machine: StateMachine, position: Position, settled: number, prepare: () => void) {
    this.#machine = machine;
    this.#position = position;
    this.#settled = settled;
    this.#prepare = prepare;
  }

  /** @param decode Decodes a record of so many bytes. */
  execute(seq: number, bytes: number, decode: () => Command): void {
    if (seq > this.#settled) this.#listen();
    this.bytes += bytes;
    try {
      const command = decode();
      const target = this.#machine.target(command);
      const saved = target === null ? 0 : (this.#position.pipelines.get(target) ?? 0);
      if (seq <= saved) return; // the checkpoint contains it
      this.#machine.execute(command);
      this.records += 1;
    } catch (error) {
      this.failed += 1;
      this.#failure ||= `record ${seq} of the journal can't be executed again: ${reasonOf(error)}`;
    }
  }

  end(report: Notify): Pick<Replay, "records" | "failed" | "bytes"> {
    this.#listen();
    const { failed } = this;
    if (failed > 0) {
      report("warn", failed > 1 ? `${this.#failure} (and ${failed - 1} more)` : this.#failure);
    }
    return this;
  }

  #listen(): void {
    this.#prepare?.();
    this.#prepare = null;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
