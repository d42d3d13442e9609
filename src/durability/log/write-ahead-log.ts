import { CommandError } from "../../service/command-error.ts";
import type { SegmentLog } from "../../state/segment-log.ts";
import { type DiskFailure, diskFailure } from "../disk/disk-failure.ts";
import type { Notify } from "../notify.ts";

/**
 * When a change is answered: once it is on the disk (`always`), once the system has it, which syncs it
 * within a second (`interval`), or at once (`none`), unless the disk has fallen far behind.
 */
export type Durability = "always" | "interval" | "none";

/**
 * What becomes of changes while the disk refuses: they are refused too, or they are done and only kept in
 * memory, as far as that goes.
 */
export type WhenUnwritable = "refuse" | "go_on";

/** How far the journal is. */
export interface LogState {
  /** Records and bytes that a power cut could cost now. */
  readonly unsyncedRecords: number;
  readonly unsyncedBytes: number;
  /** Times that a change had to wait as too much was not written yet, with `none`. */
  readonly waits: number;
  /** Why the log can't be written; null: it can. */
  readonly failure: DiskFailure | null;
}

/** Bytes that may wait to be written where nobody waits for that: then changes do. */
const MOST_UNWRITTEN = 32 * 1024 * 1024;
/** Bytes that wait while the disk refuses and changes go on. */
const MOST_REFUSED = 1024 * 1024;

/**
 * Every change of the state machine, as a record in order. Concurrent changes share one write, and one sync.
 *
 * When the disk is full, the changes that were under way are told so and stay in line; those that come
 * later are refused before they happen, until writing works again. Where changes go on, they wait in line,
 * up to 1 MiB; then what waits is given up. Nothing is written behind such a gap before a checkpoint has
 * all that was in it, see {@link covered}.
 */
export class WriteAheadLog {
  readonly #log: SegmentLog;
  readonly #durability: Durability;
  readonly #say: Notify;
  readonly #goesOn: boolean;
  /** Last record that was given up and is in no checkpoint; null: there is none. */
  #gapEnd: number | null = null;
  #bytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #waits = 0;
  #failure: DiskFailure | null = null;

  constructor(
    log: SegmentLog,
    durability: Durability,
    say: Notify,
    whenRefused: WhenUnwritable = "refuse",
  ) {
    this.#goesOn = whenRefused === "go_on";
    this.#log = log;
    this.#durability = durability;
    this.#say = say;
  }

  /** Number of the last record; 0 before the first. */
  get position(): number {
    return this.#log.nextSeq - 1;
  }

  /** Bytes of records since it was opened. */
  get bytes(): number {
    return this.#bytes;
  }

  get state(): LogState {
    return {
      unsyncedRecords: this.position - this.#log.syncedSeq,
      unsyncedBytes: this.#bytes - this.#syncedBytes,
      waits: this.#waits,
      failure: this.#failure,
    };
  }

  /** Whether a change may happen now; else {@link retry} comes first. */
  get isReady(): boolean {
    return this.#goesOn || this.#failure === null;
  }

  /** Whether records were given up that no checkpoint has. */
  get hasGap(): boolean {
    return this.#gapEnd !== null;
  }

  /** Whether more waits than should while the disk refuses; then {@link dropUnwritten} comes next. */
  get isOverLimit(): boolean {
    return (
      this.#goesOn && this.#failure !== null && this.#bytes - this.#writtenBytes > MOST_REFUSED
    );
  }

  /** Gives up what waits to be written. */
  async dropUnwritten(): Promise<void> {
    const bytes = this.#bytes;
    this.#gapEnd = await this.#log.giveUp();
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
  }

  /**
   * A checkpoint has all records up to here, and is on the disk: so writing may go on.
   *
   * @returns First record that is of use with the checkpoint alone; null: there was no gap, or it goes on.
   */
  covered(position: number): number | null {
    if (this.#gapEnd === null || position < this.#gapEnd) return null;
    this.#gapEnd = null;
    return position + 1;
  }

  /**
   * Tries once more to write, after it has failed.
   *
   * @throws {CommandError} `unavailable`.
   */
  async retry(): Promise<void> {
    try {
      await this.sync();
    } catch {
      throw new CommandError("unavailable", `nothing was changed: ${this.#failure?.message}`, {
        hint: "Send it again when the server has room for it",
      });
    }
  }

  /** After a change. Nothing is written before {@link settle}. */
  add(record: Uint8Array): void {
    this.#log.append(record);
    this.#bytes += record.length;
  }

  /**
   * Resolves when what was added is as safe as it has to be for an answer.
   *
   * @throws {CommandError} `unsafe`: it is done and can't be made safe now.
   */
  async settle(): Promise<void> {
    if (this.#durability === "none") {
      const unwritten = this.#bytes - this.#writtenBytes;
      if (unwritten <= MOST_UNWRITTEN) {
        void this.#flush().catch(() => {}); // known by its failure
        return;
      }
      this.#waits += 1;
    }
    try {
      await (this.#durability === "always" ? this.sync() : this.#flush());
    } catch {
      if (this.#goesOn) return;
      throw new CommandError(
        "unsafe",
        `it was done, but is not safe yet: ${this.#failure?.message}`,
        {
          hint: "Do not send it again: it is written when the server has room for it",
        },
      );
    }
  }

  /** What is to be done now and then: syncs what is not, tries again what failed. Does not throw. */
  async maintain(): Promise<void> {
    const { unsyncedRecords, failure } = this.state;
    if (unsyncedRecords === 0 && failure === null) return;
    await (this.#durability === "none" ? this.#flush() : this.sync()).catch(() => {});
  }

  /**
   * Resolves when all of it is on the disk.
   *
   * @throws {IotmonError} `ERR_IO`.
   */
  async sync(): Promise<void> {
    const bytes = this.#bytes;
    await this.#watched(() => this.#log.sync());
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
  }

  /** Gives up records before `position`. */
  async dropBefore(position: number): Promise<void> {
    await this.#log.dropBefore(position);
  }

  /** The last call. Writes what it can. */
  async close(): Promise<void> {
    await this.maintain();
    if (this.hasGap) await this.dropUnwritten(); // nobody could make sense of what comes after it
    await this.#log.close().catch(() => {}); // said before
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes;
    await this.#watched(() => this.#log.flush());
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
  }

  async #watched(work: () => Promise<void>): Promise<void> {
    if (this.hasGap) throw new Error(this.#failure?.message ?? "records were given up");
    try {
      await work();
      if (this.#failure !== null) this.#say("info", "the journal can be written again");
      this.#failure = null;
    } catch (error) {
      const failure = diskFailure(error);
      const what = this.#goesOn ? "not kept" : "refused";
      if (this.#failure === null) {
        this.#say("error", `changes are ${what} for now: ${failure.message}`);
      }
      this.#failure = failure;
      throw error;
    }
  }
}
