import { CommandError } from "../../service/command-error.ts";
import type { SegmentLog } from "../../state/segment-log.ts";
import { type DiskFailure, diskFailure, isStateDeleted } from "../disk/disk-failure.ts";
import type { Durability, LogState, Notify, WhenUnwritable } from "./log-settings.ts";

/** Time between syncs, s. Each sync of a few bytes costs a memory card a block of 4 kB or more. */
const SYNC_SECONDS = 5;
/** Unwritten bytes above which commands wait, with durability `none`. */
const MAX_UNWRITTEN_BYTES = 32 * 1024 * 1024;
/** Unwritten bytes that are kept while the log can't be written and commands go on. */
const MAX_KEPT_BYTES = 1024 * 1024;

/**
 * The write-ahead log: one record a command, in order. Concurrent commands share one write and one sync.
 *
 * When the disk is full, commands that were executed already fail with `unsafe`, and their records stay
 * queued. Later commands are refused until writing works again. With `go_on`, commands continue and up to
 * 1 MiB of records stays queued; above that, the queue is dropped. After such a gap nothing is written until
 * a checkpoint contains the dropped records, see {@link covered}.
 */
export class WriteAheadLog {
  readonly #log: SegmentLog;
  readonly #durability: Durability;
  readonly #notify: Notify;
  readonly #goesOn: boolean;
  /** Last dropped record that no checkpoint contains; null: none. */
  #gapEnd: number | null = null;
  #bytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #waits = 0;
  #untilSync = SYNC_SECONDS;
  #failure: DiskFailure | null = null;

  constructor(
    log: SegmentLog,
    durability: Durability,
    notify: Notify,
    whenUnwritable: WhenUnwritable = "refuse",
  ) {
    this.#goesOn = whenUnwritable === "go_on";
    this.#log = log;
    this.#durability = durability;
    this.#notify = notify;
  }

  /** Number of the last record; 0 before the first. */
  get position(): number {
    return this.#log.nextSeq - 1;
  }

  /** Bytes appended since the log was opened. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of its files. */
  get fileBytes(): number {
    return this.#log.bytes;
  }

  get state(): LogState {
    return {
      unsyncedRecords: this.position - this.#log.syncedSeq,
      unsyncedBytes: this.#bytes - this.#syncedBytes,
      waits: this.#waits,
      failure: this.#failure,
    };
  }

  /** Whether a command may be executed now; if not, call {@link retry} first. */
  get isReady(): boolean {
    return this.#goesOn || this.#failure === null;
  }

  /** Whether dropped records are missing from all checkpoints. */
  get hasGap(): boolean {
    return this.#gapEnd !== null;
  }

  /** Whether too much is queued while the log can't be written; if so, call {@link dropUnwritten}. */
  get isOverLimit(): boolean {
    return (
      this.#goesOn && this.#failure !== null && this.#bytes - this.#writtenBytes > MAX_KEPT_BYTES
    );
  }

  /** Drops queued records; the state in memory is unaffected. */
  async dropUnwritten(): Promise<void> {
    const bytes = this.#bytes;
    this.#gapEnd = await this.#log.dropQueued();
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
  }

  /**
   * Call after a checkpoint with all records up to `position` is stored. Ends a gap that it covers.
   *
   * @returns First record that is needed beside the checkpoint; null: no gap ended.
   */
  covered(position: number): number | null {
    if (this.#gapEnd === null || position < this.#gapEnd) return null;
    this.#gapEnd = null;
    this.#untilSync = 0;
    return position + 1;
  }

  /**
   * Tries to write again after a failure.
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

  /** Queues the record of an executed command. {@link settle} writes it. @returns Its bytes in the log. */
  add(record: Uint8Array): number {
    const before = this.#log.appendedBytes;
    this.#log.append(record);
    const bytes = this.#log.appendedBytes - before;
    this.#bytes += bytes;
    return bytes;
  }

  /**
   * Resolves when the added records are as durable as configured.
   *
   * @throws {CommandError} `unsafe`: the records can't be written now.
   */
  async settle(): Promise<void> {
    if (this.#durability === "none") {
      const unwritten = this.#bytes - this.#writtenBytes;
      if (unwritten <= MAX_UNWRITTEN_BYTES) {
        void this.#flush().catch(() => {}); // `failure` reports it
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

  /** Work to do every second: checks that the files exist, syncs now and then, retries after a failure. Does not throw. */
  async maintain(): Promise<void> {
    this.#untilSync -= 1;
    if (this.#untilSync > 0 && this.#failure === null) {
      await this.#watched(() => this.#log.verify()).catch(() => {}); // `failure` reports it
      return;
    }
    this.#untilSync = SYNC_SECONDS;
    await this.#write();
  }

  /**
   * Resolves when all records are on the disk.
   *
   * @throws {IotmonError} `ERR_IO`.
   */
  async sync(): Promise<void> {
    const bytes = this.#bytes;
    await this.#watched(() => this.#log.sync());
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
  }

  /**
   * Ends the file that is written to, so that {@link dropBefore} can delete it. Not in a gap.
   *
   * @throws {IotmonError} `ERR_IO`.
   */
  async endSegment(): Promise<void> {
    if (!this.hasGap) await this.#log.endSegment();
  }

  /** Deletes records before `position`. */
  async dropBefore(position: number): Promise<void> {
    await this.#log.dropBefore(position);
  }

  /**
   * Writes what it can, and closes the log.
   *
   * @throws {IotmonError} With the reason `state_deleted`; other failures are reported before.
   */
  async close(): Promise<void> {
    await this.#write();
    if (this.hasGap) await this.dropUnwritten(); // records after a gap are useless
    await this.#log.close().catch((error: unknown) => {
      if (isStateDeleted(error)) throw error;
    });
  }

  async #write(): Promise<void> {
    const work = this.#durability === "none" ? this.#flushAndVerify() : this.sync();
    await work.catch(() => {}); // `failure` reports it
  }

  async #flushAndVerify(): Promise<void> {
    await this.#flush();
    await this.#watched(() => this.#log.verify());
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
      if (this.#failure !== null) this.#notify("info", "the journal can be written again");
      this.#failure = null;
    } catch (error) {
      const failure = diskFailure(error);
      if (this.#failure === null) {
        const what = this.#goesOn ? "not saved" : "rejected";
        const until = "until the journal can be written";
        this.#notify("error", `changes are ${what} ${until}: ${failure.message}`);
      }
      this.#failure = failure;
      throw error;
    }
  }
}
