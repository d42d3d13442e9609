import type { StateMachine } from "../../service/state-machine.ts";
import type { GenerationWriter } from "../../state/checkpoint/generation-writer.ts";
import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import { collect } from "./collect.ts";
import { positionValues } from "./position.ts";

/** Least time between attempts. */
const RETRY_MS = 5000;

/** The checkpoint that the state machine was restored from. */
export interface Restored {
  /** Position of the newest generation; 0: there is none. */
  readonly position: number;
  /** Whether stored parts are damaged, so that the next checkpoint must be complete. */
  readonly startOver: boolean;
}

/** See `StoreOptions`. */
interface TakeOptions {
  readonly sliceMs?: number;
  readonly beforeCheckpoint?: () => Promise<void>;
}

/** Saves the state machine as generations of a checkpoint store, and drops log records they cover. */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #log: WriteAheadLog;
  readonly #machine: StateMachine;
  #position: number;
  #startOver: boolean;
  #takenAt: number;
  #triedAt: number;
  #bytes = 0;

  /** @param now Monotonic clock, ms. */
  constructor(
    store: CheckpointStore,
    log: WriteAheadLog,
    machine: StateMachine,
    restored: Restored,
    now: number,
  ) {
    this.#store = store;
    this.#log = log;
    this.#machine = machine;
    this.#position = restored.position;
    this.#startOver = restored.startOver;
    this.#takenAt = now;
    this.#triedAt = now;
  }

  /** Time of the last checkpoint, or of the start. */
  get takenAt(): number {
    return this.#takenAt;
  }

  /** Number of records after the last checkpoint. */
  get records(): number {
    return this.#log.position - this.#position;
  }

  /** Whether a checkpoint is due: by age, by log size, or because records were dropped unwritten. */
  isDue(now: number, ms: number, bytes: number): boolean {
    if (now - this.#triedAt < Math.min(ms, RETRY_MS)) return false;
    if (this.#log.hasGap) return true;
    return now - this.#takenAt >= ms || this.#log.bytes - this.#bytes >= bytes;
  }

  /**
   * Saves everything that has changed.
   *
   * @throws {IotmonError} `ERR_IO`: the previous checkpoint and the log stay.
   */
  async take(now: number, { sliceMs = 10, beforeCheckpoint }: TakeOptions): Promise<void> {
    this.#triedAt = now;
    const { bytes } = this.#log;
    const before = this.#position;
    const begin = (): GenerationWriter => this.#store.begin(this.#startOver);
    const collected = await collect(this.#machine, this.#log, begin, sliceMs);
    const { writer, removed, position } = collected;
    await beforeCheckpoint?.();
    writer.remove(removed); // an earlier position too
    for (const value of positionValues(position)) writer.put(value);
    await writer.save();
    this.#startOver = false;
    this.#takenAt = now;
    this.#position = position.all;
    this.#bytes = bytes;
    // keep the records that the previous generation needs, unless dropped records make it useless anyway
    const from = this.#log.covered(position.all) ?? before + 1;
    await this.#log.dropBefore(from);
    await this.#store.clean();
  }
}
