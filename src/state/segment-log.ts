import type { SegmentLogOptions } from "./segment/log-options.ts";
import { type LogRecord, readSegments } from "./segment/read-segments.ts";
import { RECORD_OVERHEAD_BYTES } from "./segment/record.ts";
import { RecordQueue } from "./segment/record-queue.ts";
import { SegmentWriter } from "./segment/segment-writer.ts";
import { Serial } from "./serial.ts";
import { deletedError, stateError } from "./state-error.ts";

/**
 * An append-only log of byte strings, in files of bounded size. Each record has a checksum and a sequence
 * number, one more than the previous one. Damage costs only the damaged records and is reported, and so are records
 * that are missing without a trace in the log itself. One process at a time, one object per folder.
 *
 * - {@link append} queues a record: cheap, synchronous.
 * - {@link flush} passes queued records to the system: they survive a crash of the process.
 * - {@link sync} writes them to the disk: they survive a power cut.
 *
 * Concurrent callers share one write. If a write fails (a full disk), records stay queued; the next flush cuts
 * off a half-written record and tries again.
 */
export class SegmentLog {
  readonly #folder: string;
  readonly #options: SegmentLogOptions;
  readonly #writer: SegmentWriter;
  readonly #serial = new Serial();
  readonly #queue = new RecordQueue();
  #nextSeq: number;
  #flushedSeq: number;
  #syncedSeq: number;
  /** Whether records before the next one were dropped, so that it starts a segment. */
  #gap = false;
  #appendedBytes = 0;
  #flushing: Promise<void> | null = null;
  #syncing: Promise<void> | null = null;

  private constructor(folder: string, options: SegmentLogOptions, writer: SegmentWriter) {
    this.#folder = folder;
    this.#options = options;
    this.#writer = writer;
    this.#nextSeq = writer.firstNext;
    this.#flushedSeq = writer.firstNext - 1;
    this.#syncedSeq = writer.firstNext - 1;
  }

  /**
   * Opens or creates a log, also if its files are damaged.
   *
   * @param folder Folder of this log alone; created if missing.
   * @throws {IotmonError} `ERR_CANT_CREATE`, `ERR_PERMISSION` or `ERR_IO` if files can't be created or read.
   */
  static async open(folder: string, options: SegmentLogOptions): Promise<SegmentLog> {
    try {
      const writer = await SegmentWriter.open(folder, options);
      return new SegmentLog(folder, options, writer);
    } catch (cause) {
      throw stateError("a log of the state directory", folder, cause);
    }
  }

  /** Sequence number of the next record. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** Largest sequence number known to be on the disk. */
  get syncedSeq(): number {
    return this.#syncedSeq;
  }

  /** Smallest sequence number in the log; `nextSeq` if it is empty. */
  get firstSeq(): number {
    return this.#writer.segments[0]?.first ?? this.#nextSeq;
  }

  /** Bytes in files and in the queue. */
  get bytes(): number {
    return this.#writer.bytes + this.#queue.bytes;
  }

  /** Bytes appended since the log was opened. */
  get appendedBytes(): number {
    return this.#appendedBytes;
  }

  /** Bytes written to all its files since it was opened, with those that are queued. */
  get writtenBytes(): number {
    return this.#appendedBytes + this.#writer.rangeBytes;
  }

  /** First sequence number of each segment, in order. */
  get segmentStarts(): readonly number[] {
    return this.#writer.segments.map(({ first }) => first);
  }

  /** As {@link SegmentWriter.startBehind}. */
  startBehind(bytes: number): number {
    return this.#writer.startBehind(bytes);
  }

  /**
   * Queues a record. A {@link flush} or {@link sync} writes it.
   *
   * @returns Its sequence number; `full` if the log would exceed `maxBytes`: the record is not queued.
   */
  append(payload: Uint8Array): number | "full" {
    const size = RECORD_OVERHEAD_BYTES + payload.length;
    if (this.bytes + size > (this.#options.maxBytes ?? Number.POSITIVE_INFINITY)) return "full";
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    this.#queue.add(seq, payload);
    this.#appendedBytes += size;
    return seq;
  }

  /**
   * Resolves when the system has all records appended before.
   *
   * @throws {IotmonError} `ERR_IO` if they can't be written now. They stay queued.
   */
  async flush(): Promise<void> {
    const target = this.#nextSeq - 1;
    while (this.#flushedSeq < target) {
      this.#flushing ??= this.#serial
        .run(() => this.#write())
        .finally(() => {
          this.#flushing = null;
        });
      await this.#flushing;
    }
  }

  /**
   * Resolves when all records appended before are on the disk, in files that still exist.
   *
   * @throws {IotmonError} `ERR_IO` as {@link flush} and {@link verify}, and if the disk fails.
   */
  async sync(): Promise<void> {
    const target = this.#nextSeq - 1;
    if (this.#syncedSeq >= target) return this.verify();
    while (this.#syncedSeq < target) {
      this.#syncing ??= this.#serial
        .run(() => this.#writeAndSync())
        .finally(() => {
          this.#syncing = null;
        });
      await this.#syncing;
    }
  }

  /**
   * Drops queued records; their numbers are not reused. For a disk that fails for so long that memory would run
   * out.
   *
   * @returns Largest sequence number that may be missing.
   */
  dropQueued(): Promise<number> {
    return this.#serial.run(async () => {
      const seq = this.#nextSeq - 1;
      if (this.#queue.length > 0) this.#gap = true;
      this.#queue.clear();
      this.#flushedSeq = seq;
      this.#syncedSeq = seq;
      return seq;
    });
  }

  /** Takes queued records back, as if they had never been appended. For a single writer whose write failed. */
  retract(): Promise<void> {
    return this.#serial.run(async () => {
      this.#queue.clear();
      this.#nextSeq = this.#flushedSeq + 1;
    });
  }

  /**
   * Ends the segment that is written to, so that it can be dropped.
   *
   * @throws {IotmonError} `ERR_IO`, as {@link flush}.
   */
  endSegment(): Promise<void> {
    return this.#serial.run(async () => {
      await this.#write();
      if (this.#gap || this.#writer.activeBytes === 0) return; // the next record starts one anyway
      await this.#guarded(() => this.#writer.rotate(this.#flushedSeq + 1));
    });
  }

  /** Flushed records from sequence number `from` on, one segment in memory at a time. */
  read(from = 0): AsyncIterable<LogRecord> {
    const segments = this.#writer.segments.map((segment) => ({ ...segment }));
    return readSegments(this.#folder, segments, from, this.#options.report);
  }

  /**
   * Deletes segments that end before `seq`, except the active one. After a power cut, some may reappear.
   *
   * @throws {IotmonError} `ERR_IO`, `ERR_PERMISSION` if files can't be deleted.
   */
  dropBefore(seq: number): Promise<void> {
    return this.#serial.run(() => this.#guarded(() => this.#writer.dropBefore(seq)));
  }

  /**
   * Checks that the files still exist.
   *
   * @throws {IotmonError} `ERR_IO` with the reason `state_deleted`.
   */
  verify(): Promise<void> {
    return this.#serial.run(() => this.#guarded(() => this.#writer.verify()));
  }

  /**
   * Syncs and closes; the last call. If that fails, it closes and throws.
   *
   * @throws {IotmonError} `ERR_IO` as {@link sync}.
   */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      await this.#serial.run(() => this.#writer.close());
    }
  }

  async #write(): Promise<void> {
    // more records may be queued meanwhile
    for (let left = this.#queue.length; left > 0; ) {
      left -= await this.#guarded(() => this.#writeSome());
    }
  }

  /** Writes as many records as fit in one segment. @returns Their number. */
  async #writeSome(): Promise<number> {
    const { segmentBytes = 4 * 1024 * 1024 } = this.#options;
    const limit = typeof segmentBytes === "number" ? segmentBytes : segmentBytes();
    const { first } = this.#queue;
    if (first === undefined) return 0;
    if (this.#gap || this.#writer.isFull(first.bytes.length, limit)) {
      await this.#writer.rotate(first.seq);
      this.#gap = false;
    }
    const records = this.#queue.fitting(limit - this.#writer.activeBytes);
    await this.#writer.write(Buffer.concat(records.map(({ bytes }) => bytes)));
    this.#flushedSeq = records.at(-1)?.seq ?? this.#flushedSeq;
    this.#queue.remove(records.length);
    return records.length;
  }

  async #writeAndSync(): Promise<void> {
    await this.#write();
    const upTo = this.#flushedSeq;
    await this.#guarded(() => this.#writer.sync(upTo + 1));
    this.#syncedSeq = upTo;
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      // the folder existed before
      if ((cause as NodeJS.ErrnoException).code === "ENOENT")
        throw deletedError(this.#folder, cause);
      throw stateError("a log of the state directory", this.#folder, cause);
    }
  }
}
