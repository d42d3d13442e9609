import type { SnapshotPart } from "../../service/snapshot/snapshot-parts.ts";
import type { StateMachine } from "../../service/state-machine.ts";
import type { GenerationWriter } from "../../state/checkpoint/generation-writer.ts";
import type { CheckpointStore } from "../../state/checkpoint-store.ts";
import type { WriteAheadLog } from "../log/write-ahead-log.ts";
import type { SecretDocuments } from "../secrets/secret-documents.ts";
import { type CheckpointPolicy, PACKED } from "./checkpoint-policy.ts";
import { type Collected, collect } from "./collect.ts";
import { positionValues } from "./position.ts";

/** Time to the next attempt after one that failed, ms. */
const RETRY_MS = 5000;
/** Bytes of the manifest for each of its values, about. */
const MANIFEST_BYTES = 50;

/** The checkpoint that the state machine was restored from. */
export interface Restored {
  /** Position of the newest generation; 0: there is none. */
  readonly position: number;
  /** Whether stored parts are damaged, so that the next checkpoint must be complete. */
  readonly startOver: boolean;
  /** Whether the files may hold secrets that are not sealed. */
  readonly hasPlain: boolean;
}

/** What checkpoints work with. */
interface CheckpointParts {
  readonly store: CheckpointStore;
  readonly log: WriteAheadLog;
  readonly machine: StateMachine;
  readonly policy: CheckpointPolicy;
  /** Seals the secrets of documents; null: there are none. */
  readonly secrets: SecretDocuments | null;
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
  readonly #policy: CheckpointPolicy;
  readonly #secrets: SecretDocuments | null;
  #hasPlain: boolean;
  #position: number;
  #startOver: boolean;
  #takenAt: number;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** Bytes of the store that the policy knows. */
  #counted: number;

  /** @param now Monotonic clock, ms. */
  constructor(
    { store, log, machine, policy, secrets }: CheckpointParts,
    { position, startOver, hasPlain }: Restored,
    now: number,
  ) {
    this.#store = store;
    this.#log = log;
    this.#machine = machine;
    this.#policy = policy;
    this.#secrets = secrets;
    this.#position = position;
    this.#startOver = startOver;
    this.#hasPlain = hasPlain;
    this.#takenAt = now;
    this.#counted = store.writtenBytes;
  }

  /** Time of the last checkpoint, or of the start. */
  get takenAt(): number {
    return this.#takenAt;
  }

  /** Number of records after the last checkpoint. */
  get records(): number {
    return this.#log.position - this.#position;
  }

  /** Whether a checkpoint would save anything. */
  get hasChanges(): boolean {
    return this.records > 0 || this.#isNecessary;
  }

  /** Whether a checkpoint is due: because of the policy, or because files are not complete. */
  isDue(now: number): boolean {
    if (now - this.#failedAt < RETRY_MS) return false;
    if (this.#isNecessary) return true;
    if (!this.hasChanges) return false;
    this.#countAside();
    return this.#policy.isDue(this.#next, this.#log.fileBytes);
  }

  /** Whether a checkpoint at the end of the process is necessary or within the budget. */
  isWanted(): boolean {
    if (this.#isNecessary) return true;
    this.#countAside();
    return this.records > 0 && this.#policy.isAffordable(this.#next);
  }

  /**
   * Saves everything that has changed. If the files may hold secrets that are not sealed, saves everything and deletes
   * these files.
   *
   * @throws {IotmonError} `ERR_IO`: the previous checkpoint and the log stay.
   */
  async take(now: number, options: TakeOptions): Promise<void> {
    try {
      if (this.#hasPlain) await this.#replaceFiles(now, options);
      else await this.#take(now, options);
    } catch (error) {
      this.#failedAt = now;
      this.#countAside();
      throw error;
    }
  }

  async #replaceFiles(now: number, options: TakeOptions): Promise<void> {
    await this.#log.endSegment();
    await this.#store.endSegment();
    this.#startOver = true;
    await this.#take(now, options);
    await this.#take(now, options); // the files are kept back to the previous checkpoint
    this.#hasPlain = false;
  }

  async #take(now: number, { sliceMs = 10, beforeCheckpoint }: TakeOptions): Promise<void> {
    // the next checkpoint can delete all of it then; if that fails, it deletes less
    await this.#log.endSegment().catch(() => {});
    const { since } = this.#policy;
    const rewritten = this.#hasPrevious ? this.#store.rewrittenBytes : null;
    this.#countAside();
    const written = (): number => this.#store.writtenBytes - this.#counted;
    const begin = (): GenerationWriter => this.#store.begin(this.#startOver);
    const seal = (part: SnapshotPart): SnapshotPart => this.#secrets?.sealPart(part) ?? part;
    const collected = await collect(this.#machine, this.#log, begin, sliceMs, seal);
    try {
      await beforeCheckpoint?.();
    } catch (error) {
      await collected.writer.abandon();
      throw error;
    }
    await this.#save(collected, written);
    this.#policy.saved(since, written(), rewritten, this.#store);
    this.#counted = this.#store.writtenBytes;
    this.#startOver = false;
    this.#takenAt = now;
    // keep the records that the previous generation needs, unless dropped records make it useless anyway
    const { all } = collected.position;
    const from = this.#log.covered(all) ?? this.#position + 1;
    this.#position = all;
    await this.#log.dropBefore(from);
    await this.#store.clean();
  }

  async #save({ writer, removed, position }: Collected, written: () => number): Promise<void> {
    writer.remove(removed); // an earlier position too
    const bytes = written() + MANIFEST_BYTES * writer.versions.size;
    const owed = this.#policy.debtOf(bytes);
    for (const value of positionValues({ ...position, owed })) writer.put(value);
    await writer.save();
  }

  /** Tells the policy what was written to the store beside checkpoints. */
  #countAside(): void {
    const bytes = this.#store.writtenBytes;
    this.#policy.wrote(bytes - this.#counted);
    this.#counted = bytes;
  }

  /** Whether records were dropped unwritten, or the files are damaged or not sealed. */
  get #isNecessary(): boolean {
    return this.#log.hasGap || this.#startOver || this.#hasPlain;
  }

  get #next(): Parameters<CheckpointPolicy["isAffordable"]>[0] {
    const { bytes, valueCount, liveBytes, rewrittenBytes } = this.#store;
    const hasPrevious = this.#hasPrevious;
    const wholeBytes = hasPrevious ? liveBytes : PACKED * this.#machine.bytes;
    return { bytes, valueCount, wholeBytes, rewrittenBytes, hasPrevious };
  }

  get #hasPrevious(): boolean {
    return this.#store.generation > 0 && !this.#startOver;
  }
}
