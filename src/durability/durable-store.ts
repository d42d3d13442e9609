import { IotmonError } from "../core/errors.ts";
import { isoTime } from "../core/timestamp/iso-time.ts";
import type { Limits } from "../service/checks/limits.ts";
import type { CommandExecutor, CommandKind, Outcome, TypedCommand } from "../service/commands.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { CheckpointStore } from "../state/checkpoint-store.ts";
import { StateDirectory } from "../state/state-directory.ts";
import type { Damage } from "../state/state-error.ts";
import { Checkpoints } from "./checkpoint/checkpoints.ts";
import { nextRecord } from "./checkpoint/position.ts";
import { type DiskFailure, diskFailure } from "./disk/disk-failure.ts";
import { FailureMark } from "./disk/failure-mark.ts";
import { encodeCommand } from "./log/record.ts";
import {
  type Durability,
  type LogState,
  type Notify,
  type WhenUnwritable,
  WriteAheadLog,
} from "./log/write-ahead-log.ts";
import { type Recovered, recover } from "./recover.ts";

/** Settings of a durable store. */
export interface StoreOptions {
  readonly durability: Durability;
  readonly report: Notify;
  readonly limits?: Limits;
  /** Commands while the log can't be written. By default they are refused. */
  readonly whenUnwritable?: WhenUnwritable;
  /** Called when writing starts to fail, and with null when everything is stored again. Must not throw. */
  readonly onDiskFailure?: (failure: DiskFailure | null) => void;
  /** Receives the state machine before log records are executed again, to add listeners. */
  readonly prepare?: (machine: StateMachine) => void;
  /**
   * Awaited before a checkpoint is saved. The next start does not execute its commands again, so listeners
   * must have stored their effects. If it throws, no checkpoint is saved.
   */
  readonly beforeCheckpoint?: () => Promise<void>;
  /** Least time between checkpoints, ms. By default a minute. */
  readonly checkpointMs?: number;
  /** Log bytes after which a checkpoint is taken earlier. By default 32 MiB. */
  readonly checkpointBytes?: number;
  /** Longest slice of a checkpoint between requests, ms. By default 10. */
  readonly sliceMs?: number;
}

/** State of a durable store. */
export interface StoreState extends LogState {
  /** Time since the last checkpoint, or since the start, ms. */
  readonly checkpointAgeMs: number;
  /** Records that the next start executes again. */
  readonly recordsAfterCheckpoint: number;
  /** Damaged places found in the state directory. */
  readonly damages: number;
}

const TEND_MS = 1000;

/** A state machine in a state directory: a write-ahead log and checkpoints. */
export class DurableStore implements CommandExecutor {
  readonly machine: StateMachine;
  readonly recovered: Recovered;
  readonly #parts: Parts;
  readonly #timer: NodeJS.Timeout;
  #checkpoint: Promise<void> | null = null;
  /** Why the last checkpoint was not saved; null: it was. */
  #checkpointFailure: DiskFailure | null = null;
  #failure: DiskFailure | null = null;

  private constructor(machine: StateMachine, recovered: Recovered, parts: Parts) {
    this.machine = machine;
    this.recovered = recovered;
    this.#parts = parts;
    this.#timer = setInterval(() => void this.#tend(), TEND_MS);
    this.#timer.unref();
  }

  /**
   * Opens or creates a state directory and restores its state machine, as far as files are intact.
   *
   * @throws {IotmonError} `ERR_STATE` when another process uses it or a later iotmon wrote it,
   * `ERR_PERMISSION`, `ERR_CANT_CREATE`, `ERR_IO`.
   */
  static async open(path: string, options: StoreOptions): Promise<DurableStore> {
    const { durability, report, whenUnwritable } = options;
    const damages: Damage[] = [];
    const state = await StateDirectory.open(path, (damage) => {
      damages.push(damage);
      report("warn", `${damage.at}: ${damage.message}`);
    });
    let store: CheckpointStore | null = null;
    try {
      store = await state.openCheckpoints();
      const newest = store.takeNewest();
      const log = await state.openLog("journal", { nextSeq: nextRecord(newest.values) });
      const recovery = await recover(store, newest, log, options);
      const { machine, restored } = recovery;
      const recordsLost = recovery.recovered.recordsLost + lostIn(damages);
      const recovered = { ...recovery.recovered, recordsLost };
      const writeAheadLog = new WriteAheadLog(log, durability, report, whenUnwritable);
      const checkpoints = new Checkpoints(
        store,
        writeAheadLog,
        machine,
        restored,
        performance.now(),
      );
      const mark = new FailureMark(path);
      const since = await mark.since();
      if (since !== null) report("warn", lostSince(since));
      const parts = { state, store, writeAheadLog, checkpoints, options, damages, mark };
      return new DurableStore(machine, recovered, parts);
    } catch (error) {
      await store?.close();
      await state.close();
      throw error;
    }
  }

  /** The directory; others may open logs in it. {@link close} closes it. */
  get directory(): StateDirectory {
    return this.#parts.state;
  }

  async execute<K extends CommandKind, T>(
    command: TypedCommand<K>,
    read: (outcome: Outcome<K>) => T = ({ answer }) => answer as T,
  ): Promise<T> {
    const { writeAheadLog } = this.#parts;
    if (!writeAheadLog.isReady) await writeAheadLog.retry();
    const outcome = this.machine.execute(command);
    if (!outcome.changed) return read(outcome);
    writeAheadLog.add(encodeCommand(command));
    try {
      return read(outcome);
    } finally {
      await this.#settle();
    }
  }

  get state(): StoreState {
    const { writeAheadLog, checkpoints, damages } = this.#parts;
    return {
      ...writeAheadLog.state,
      checkpointAgeMs: performance.now() - checkpoints.takenAt,
      recordsAfterCheckpoint: checkpoints.records,
      damages: damages.length,
    };
  }

  /** Saves a checkpoint if anything changed. Does not throw: it reports failures. */
  async checkpoint(): Promise<void> {
    this.#checkpoint ??= this.#takeCheckpoint().finally(() => {
      this.#checkpoint = null;
    });
    await this.#checkpoint;
  }

  /**
   * Saves a last checkpoint, writes the rest of the log, and closes the directory.
   *
   * @throws {IotmonError} `ERR_IO` when the directory was deleted while it was in use: nothing is saved.
   */
  async close(): Promise<void> {
    const { state, store, writeAheadLog } = this.#parts;
    clearInterval(this.#timer);
    await this.#checkpoint; // may lack the last commands
    await this.checkpoint();
    try {
      await writeAheadLog.close();
    } finally {
      await this.#reportFailure();
      await store.close();
      await state.close();
    }
  }

  async #settle(): Promise<void> {
    const { writeAheadLog } = this.#parts;
    await writeAheadLog.settle();
    if (writeAheadLog.isOverLimit) {
      await this.#checkpoint; // it needs the queued records
      if (writeAheadLog.isOverLimit) await writeAheadLog.dropUnwritten();
    }
    await this.#reportFailure();
  }

  /** Notifies when writing starts to fail, and when it works again. */
  async #reportFailure(): Promise<void> {
    const { writeAheadLog, mark, options } = this.#parts;
    const unkept = writeAheadLog.state.failure;
    const failure = unkept ?? this.#checkpointFailure;
    const isNews = (this.#failure === null) !== (failure === null);
    this.#failure = failure;
    if (isNews) options.onDiskFailure?.(failure);
    await mark.put(options.whenUnwritable === "go_on" && unkept !== null);
  }

  async #tend(): Promise<void> {
    const { writeAheadLog, checkpoints, options } = this.#parts;
    const { checkpointMs = 60_000, checkpointBytes = 32 * 1024 * 1024 } = options;
    if (checkpoints.isDue(performance.now(), checkpointMs, checkpointBytes)) {
      void this.checkpoint();
    }
    await writeAheadLog.maintain();
    await this.#reportFailure();
  }

  async #takeCheckpoint(): Promise<void> {
    const { checkpoints, options } = this.#parts;
    if (checkpoints.records === 0) return;
    try {
      await checkpoints.take(performance.now(), options);
      this.#checkpointFailure = null;
    } catch (error) {
      const failure = diskFailure(error);
      if (this.#checkpointFailure === null) {
        options.report(
          "error",
          `the checkpoint could not be saved, the journal is kept: ${failure.message}`,
        );
      }
      if (error instanceof IotmonError) this.#checkpointFailure = failure; // not a failure of beforeCheckpoint
    }
  }
}

interface Parts {
  readonly state: StateDirectory;
  readonly store: CheckpointStore;
  readonly writeAheadLog: WriteAheadLog;
  readonly checkpoints: Checkpoints;
  readonly options: StoreOptions;
  readonly damages: readonly Damage[];
  readonly mark: FailureMark;
}

/** Number of log records that are damaged or missing. */
function lostIn(damages: readonly Damage[]): number {
  const ofLog = damages.filter(({ at }) => at.startsWith("journal"));
  return ofLog.reduce((sum, { records }) => sum + records, 0);
}

function lostSince(since: number): string {
  const time = isoTime(since);
  return `the disk was full when the last run ended: changes after ${time} are lost if no source repeats them`;
}
