import type { SegmentLog } from "../../state/segment-log.ts";
import { Refusal } from "../refusal.ts";
import type { Say } from "./say.ts";

/**
 * When a change is answered: once it is on the disk (`always`), once the system has it, which syncs it
 * within a second (`interval`), or at once (`none`), unless the disk has fallen far behind.
 */
export type Durability = "always" | "interval" | "none";

/** How far the journal is. */
export interface JournalState {
  /** Records and bytes that a power cut could cost now. */
  readonly unsyncedRecords: number;
  readonly unsyncedBytes: number;
  /** Times that a change had to wait as too much was not written yet, with `none`. */
  readonly waits: number;
  /** Why it can't be written; null: it can. */
  readonly failure: string | null;
}

/** Bytes that may wait to be written where nobody waits for that: then changes do. */
const MOST_UNWRITTEN = 32 * 1024 * 1024;

/**
 * Every change of a hub, as a record in order. Concurrent changes share one write, and one sync.
 *
 * When the disk is full, the changes that were under way are told so and stay in line; those that come
 * later are refused before they happen, until writing works again.
 */
export class Journal {
  readonly #log: SegmentLog;
  readonly #durability: Durability;
  readonly #say: Say;
  #bytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  #waits = 0;
  #failure: string | null = null;

  constructor(log: SegmentLog, durability: Durability, say: Say) {
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

  get state(): JournalState {
    return {
      unsyncedRecords: this.position - this.#log.syncedSeq,
      unsyncedBytes: this.#bytes - this.#syncedBytes,
      waits: this.#waits,
      failure: this.#failure,
    };
  }

  /** Whether a change may happen now; else {@link retry} comes first. */
  get isReady(): boolean {
    return this.#failure === null;
  }

  /**
   * Tries once more to write, after it has failed.
   *
   * @throws {Refusal} `unavailable`.
   */
  async retry(): Promise<void> {
    try {
      await this.sync();
    } catch {
      throw new Refusal("unavailable", `nothing was changed: ${this.#failure}`, {
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
   * @throws {Refusal} `unsafe`: it is done and can't be made safe now.
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
      throw new Refusal("unsafe", `it was done, but is not safe yet: ${this.#failure}`, {
        hint: "Do not send it again: it is written when the server has room for it",
      });
    }
  }

  /** What is to be done now and then: syncs what is not, tries again what failed. Does not throw. */
  async tend(): Promise<void> {
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
    await this.#watched(this.#log.sync());
    this.#syncedBytes = Math.max(this.#syncedBytes, bytes);
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
  }

  /** Gives up records before `position`. */
  async dropBefore(position: number): Promise<void> {
    await this.#log.dropBefore(position);
  }

  /** The last call. Writes what it can. */
  async close(): Promise<void> {
    await this.tend();
    await this.#log.close().catch(() => {}); // said before
  }

  async #flush(): Promise<void> {
    const bytes = this.#bytes;
    await this.#watched(this.#log.flush());
    this.#writtenBytes = Math.max(this.#writtenBytes, bytes);
  }

  async #watched(work: Promise<void>): Promise<void> {
    try {
      await work;
      if (this.#failure !== null) this.#say("info", "the journal can be written again");
      this.#failure = null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#failure === null) this.#say("error", `changes are refused for now: ${reason}`);
      this.#failure = reason;
      throw error;
    }
  }
}
