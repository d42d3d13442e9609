import type { StateMachine } from "../../service/state-machine.ts";
import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import { collect } from "./collect.ts";
import { positionValues } from "./position.ts";

/** Least time between attempts. */
const RETRY_MS = 5000;

/** Where checkpoints stand when the state machine has been restored from them. */
export interface Restored {
  /** Position that the newest generation has; 0 without one. */
  readonly position: number;
  /** Whether what is stored can't be built upon: the next checkpoint is complete. */
  readonly startOver: boolean;
}

/** How a checkpoint is taken, as keepers are told. */
interface TakeOptions {
  readonly sliceMs?: number;
  readonly beforeCheckpoint?: () => Promise<void>;
}

/** Saves the state machine as generations of a store, and drops the journal that they make superfluous. */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #journal: WriteAheadLog;
  readonly #machine: StateMachine;
  #position: number;
  #startOver: boolean;
  #takenAt: number;
  #triedAt: number;
  #bytes = 0;

  /** @param now Ms of a steady clock. */
  constructor(
    store: CheckpointStore,
    journal: WriteAheadLog,
    machine: StateMachine,
    restored: Restored,
    now: number,
  ) {
    this.#store = store;
    this.#journal = journal;
    this.#machine = machine;
    this.#position = restored.position;
    this.#startOver = restored.startOver;
    this.#takenAt = now;
    this.#triedAt = now;
  }

  /** When the last one was taken, or this began. */
  get takenAt(): number {
    return this.#takenAt;
  }

  /** Records that are not in it. */
  get records(): number {
    return this.#journal.position - this.#position;
  }

  /** Whether the last one is old enough, or the journal long enough or torn, for another. */
  isDue(now: number, ms: number, bytes: number): boolean {
    if (now - this.#triedAt < Math.min(ms, RETRY_MS)) return false;
    if (this.#journal.hasGap) return true;
    return now - this.#takenAt >= ms || this.#journal.bytes - this.#bytes >= bytes;
  }

  /**
   * Saves what has changed.
   *
   * @throws {IotmonError} `ERR_IO`: the one before and the journal stay.
   */
  async take(now: number, { sliceMs = 10, beforeCheckpoint }: TakeOptions): Promise<void> {
    this.#triedAt = now;
    const { bytes } = this.#journal;
    const before = this.#position;
    const { versions } = this.#store;
    const known = this.#startOver ? new Map<string, number>() : versions;
    const { changed, removed, position } = await collect(
      this.#machine,
      this.#journal,
      known,
      sliceMs,
    );
    const kept = new Set(changed.map(({ name }) => name));
    const gone = this.#startOver ? [...versions.keys()].filter((name) => !kept.has(name)) : removed;
    await beforeCheckpoint?.();
    // a store that had to be set aside meanwhile has nothing to build upon
    this.#startOver = true;
    await this.#store.commit([...changed, ...positionValues(position)], gone);
    this.#startOver = false;
    this.#takenAt = now;
    this.#position = position.all;
    this.#bytes = bytes;
    // the generation before must find all that came after it, unless that is not there in any case
    const from = this.#journal.covered(position.all) ?? before + 1;
    await this.#journal.dropBefore(from);
  }
}
