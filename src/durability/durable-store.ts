import { IotmonError } from "../core/errors.ts";
import type { CommandExecutor, CommandKind, Outcome, TypedCommand } from "../service/commands.ts";
import type { StateMachine } from "../service/state-machine.ts";
import type { CheckpointStore } from "../state/checkpoint-store.ts";
import { Serial } from "../state/serial.ts";
import { StateDirectory } from "../state/state-directory.ts";
import type { Damage } from "../state/state-error.ts";
import { CheckpointPolicy } from "./checkpoint/checkpoint-policy.ts";
import { Checkpoints } from "./checkpoint/checkpoints.ts";
import { nextRecord } from "./checkpoint/position.ts";
import { SettledMark } from "./checkpoint/settled-mark.ts";
import { type DiskFailure, diskFailure } from "./disk/disk-failure.ts";
import { FailureMark, lostSince } from "./disk/failure-mark.ts";
import { RecordEncoder } from "./log/record.ts";
import { WriteAheadLog } from "./log/write-ahead-log.ts";
import { processorMs, type Recovered, recover } from "./recover.ts";
import { isOlderThanSeals, SecretDocuments } from "./secrets/secret-documents.ts";
import type { StoreOptions, StoreState } from "./store-options.ts";

const TEND_MS = 1000;
/** Time between two moves of the mark of settled effects, ms. */
const MARK_MS = 60_000;

/** A state machine in a state directory: a write-ahead log and checkpoints. */
export class DurableStore implements CommandExecutor {
  readonly machine: StateMachine;
  readonly recovered: Recovered;
  readonly #parts: Parts;
  readonly #timer: NodeJS.Timeout;
  /** Runs checkpoints and moves of the mark. */
  readonly #saving = new Serial();
  readonly #encoder = new RecordEncoder();
  #checkpoint: Promise<void> | null = null;
  /** Why the last checkpoint was not saved; null: it was. */
  #checkpointFailure: DiskFailure | null = null;
  #failure: DiskFailure | null = null;
  #markedAt = performance.now();
  #tendedAt = performance.now();
  #otherBytes = 0;

  private constructor(machine: StateMachine, recovered: Recovered, parts: Parts) {
    this.machine = machine;
    this.recovered = recovered;
    this.#parts = parts;
    this.#timer = setInterval(() => void this.tend(), TEND_MS);
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
    const begun = processorMs();
    try {
      store = await state.openCheckpoints();
      const openMs = processorMs() - begun;
      const newest = store.takeNewest();
      const nextSeq = Math.max(nextRecord(newest.values), store.noted + 1);
      const log = await state.openLog("journal", { nextSeq });
      const secrets = options.keys === undefined ? null : new SecretDocuments(options.keys);
      const recovery = await recover(store, newest, log, { ...options, secrets });
      const { machine, cost } = recovery;
      const hasPlain =
        secrets !== null && (secrets.hasPlain || isOlderThanSeals(state.foundFormat));
      const restored = { ...recovery.restored, hasPlain };
      const recordsLost = recovery.recovered.recordsLost + lostIn(damages);
      const recovered = { ...recovery.recovered, recordsLost };
      const writeAheadLog = new WriteAheadLog(log, durability, report, whenUnwritable);
      const took = { ...cost, restoreMs: openMs + cost.restoreMs };
      const policy = new CheckpointPolicy(options.checkpoints ?? {}, took, store);
      const saved = { store, log: writeAheadLog, machine, policy, secrets };
      const checkpoints = new Checkpoints(saved, restored, performance.now());
      const settled = new SettledMark(store, writeAheadLog, async () => {
        await options.beforeCheckpoint?.();
      });
      const mark = new FailureMark(path);
      const since = await mark.since();
      if (since !== null) report("warn", lostSince(since));
      const files = { state, store, writeAheadLog, mark, secrets };
      const parts = { ...files, checkpoints, policy, settled, options, damages };
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
    const { writeAheadLog, policy, secrets } = this.#parts;
    if (!writeAheadLog.isReady) await writeAheadLog.retry();
    const now = performance.now();
    const begun = processorMs();
    const sealed = secrets?.sealCommand(command) ?? command; // may fail, so it comes first
    const outcome = this.machine.execute(command);
    if (!outcome.changed) {
      // the first of two equal calls may not be durable yet
      if (command.kind === "append") await this.#settle();
      return read(outcome);
    }
    const bytes = writeAheadLog.add(this.#encoder.encode(sealed, now));
    // encoding takes about as long as decoding, which a start does instead
    policy.executed(bytes, processorMs() - begun);
    try {
      return read(outcome);
    } finally {
      await this.#settle();
    }
  }

  get state(): StoreState {
    const { store, writeAheadLog, checkpoints, policy, damages } = this.#parts;
    return {
      ...writeAheadLog.state,
      checkpointAgeMs: performance.now() - checkpoints.takenAt,
      recordsAfterCheckpoint: checkpoints.records,
      recoveryMs: policy.recoveryMs,
      journalBytes: writeAheadLog.bytes,
      checkpointBytes: store.writtenBytes,
      damages: damages.length,
    };
  }

  /** Saves a checkpoint if anything changed. Does not throw: it reports failures. */
  async checkpoint(): Promise<void> {
    this.#checkpoint ??= this.#saving
      .run(() => this.#takeCheckpoint())
      .finally(() => {
        this.#checkpoint = null;
      });
    await this.#checkpoint;
  }

  /**
   * Writes the rest of the log, saves a checkpoint if that is within the budget, and closes the directory.
   *
   * @throws {IotmonError} `ERR_IO` when the directory was deleted while it was in use: nothing is saved.
   */
  async close(): Promise<void> {
    const { state, store, writeAheadLog, checkpoints, settled } = this.#parts;
    clearInterval(this.#timer);
    await this.#checkpoint; // may lack the last commands
    this.#countOthers();
    if (checkpoints.isWanted()) await this.checkpoint();
    else await this.#saving.run(() => settled.move());
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

  /** Work that the store does every second: syncs, and a checkpoint if one is due. Does not throw. */
  async tend(): Promise<void> {
    const { writeAheadLog, checkpoints, policy, settled } = this.#parts;
    const now = performance.now();
    policy.passed((now - this.#tendedAt) / 1000);
    this.#tendedAt = now;
    this.#countOthers();
    const isDue = this.#checkpoint === null && checkpoints.isDue(now);
    const saving = isDue ? this.checkpoint() : this.#checkpoint;
    if (now - this.#markedAt >= MARK_MS) {
      this.#markedAt = now;
      void this.#saving.run(() => settled.move());
    }
    await writeAheadLog.maintain();
    await this.#reportFailure();
    await saving;
  }

  /** All else that is written to the directory belongs to its budget too. */
  #countOthers(): void {
    const { state, writeAheadLog, policy } = this.#parts;
    const others = state.writtenBytes - writeAheadLog.bytes;
    policy.wrote(others - this.#otherBytes);
    this.#otherBytes = others;
  }

  async #takeCheckpoint(): Promise<void> {
    const { checkpoints, options } = this.#parts;
    if (!checkpoints.hasChanges) return;
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
  readonly policy: CheckpointPolicy;
  readonly secrets: SecretDocuments | null;
  readonly settled: SettledMark;
  readonly options: StoreOptions;
  readonly damages: readonly Damage[];
  readonly mark: FailureMark;
}

/** Number of log records that are damaged or missing. */
function lostIn(damages: readonly Damage[]): number {
  const ofLog = damages.filter(({ at }) => at.startsWith("journal"));
  return ofLog.reduce((sum, { records }) => sum + records, 0);
}
