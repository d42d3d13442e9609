import { access, type FileHandle, mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { FILE_MODE, FOLDER_MODE } from "../files/private-files.ts";
import { deletedError } from "../state-error.ts";
import { syncFolder } from "../sync-folder.ts";
import { checkEnds } from "./check-ends.ts";
import type { SegmentLogOptions } from "./log-options.ts";
import { LogRange } from "./log-range.ts";
import { type SegmentFile, segmentName, setAsideFolders } from "./segment-file.ts";

/**
 * The files behind a segment log: appends to the last one, begins new ones, deletes old ones. Errors are
 * those of the file system; after one everything can be tried again. Not for overlapping calls.
 */
export class SegmentWriter {
  readonly #folder: string;
  readonly #segments: SegmentFile[];
  #handle: FileHandle;
  readonly #range: LogRange;
  /** Sequence number of the first record to write. */
  readonly firstNext: number;
  /** Whether bytes behind the last whole record may have been written. */
  #torn = false;
  /** Whether the last check found that the segment is not in its place. */
  #isGone = false;

  private constructor(
    folder: string,
    segments: SegmentFile[],
    handle: FileHandle,
    range: LogRange,
    firstNext: number,
  ) {
    this.#folder = folder;
    this.#segments = segments;
    this.#handle = handle;
    this.#range = range;
    this.firstNext = firstNext;
  }

  /** Opens the files, or creates them; cuts off what is damaged at the end. */
  static async open(
    folder: string,
    { nextSeq, report }: SegmentLogOptions,
  ): Promise<SegmentWriter> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await setAsideFolders(folder, report);
    const { segments, next } = await checkEnds(folder, nextSeq, report);
    const first = Math.max(next, nextSeq ?? 1);
    const { all, handle } = await openLast(folder, segments, first, first > next);
    const range = { first: (all[0] as SegmentFile).first, next: first };
    return new SegmentWriter(
      folder,
      all,
      handle,
      await LogRange.open(folder, range, report),
      first,
    );
  }

  /** In order; the last one is written to. */
  get segments(): readonly SegmentFile[] {
    return this.#segments;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** First sequence number of the segment behind so many bytes of segments; at most that of the last one. */
  startBehind(bytes: number): number {
    let left = bytes;
    for (const { first, bytes: held } of this.#segments) {
      if (left <= 0) return first;
      left -= held;
    }
    return this.#active.first;
  }

  /** Bytes of the segment that is written to. */
  get activeBytes(): number {
    return this.#active.bytes;
  }

  /** Bytes written beside the segments since the log was opened. */
  get rangeBytes(): number {
    return this.#range.bytes;
  }

  /** Whether `more` bytes would take the segment past `limit`; never when it is empty. */
  isFull(more: number, limit: number): boolean {
    return this.activeBytes > 0 && this.activeBytes + more > limit;
  }

  /** Appends whole records. @throws {IotmonError} As {@link verify}, if it failed before. */
  async write(records: Buffer): Promise<void> {
    if (this.#isGone) await this.verify();
    const start = this.activeBytes;
    if (this.#torn) await this.#handle.truncate(start);
    this.#torn = true;
    for (let done = 0; done < records.length; ) {
      const { bytesWritten } = await this.#handle.write(
        records,
        done,
        records.length - done,
        start + done,
      );
      done += bytesWritten;
    }
    this.#torn = false;
    this.#active.bytes += records.length;
  }

  /**
   * Brings what was written to the disk.
   *
   * @param next Sequence number after the last record written.
   * @throws {IotmonError} As {@link verify}.
   */
  async sync(next: number): Promise<void> {
    await this.#handle.datasync();
    await this.verify();
    await this.#range.noteNext(next);
  }

  /**
   * Checks that the segment is still in its place. Writing to a file that was deleted or moved away succeeds.
   *
   * @throws {IotmonError} `ERR_IO` with the reason `state_deleted`.
   */
  async verify(): Promise<void> {
    const { nlink } = await this.#handle.stat();
    const isThere = await access(join(this.#folder, this.#active.name)).then(
      () => true,
      ({ code }: NodeJS.ErrnoException) => code !== "ENOENT" && code !== "ENOTDIR",
    );
    this.#isGone = nlink === 0 || !isThere;
    if (this.#isGone) throw deletedError(this.#folder);
  }

  /** Begins a new segment; what is in the old one is on the disk then. */
  async rotate(next: number): Promise<void> {
    if (this.#torn) await this.#handle.truncate(this.activeBytes);
    this.#torn = false;
    await this.#handle.datasync();
    const { file, handle } = await create(this.#folder, next);
    await this.#handle.close();
    this.#handle = handle;
    this.#segments.push(file);
  }

  /** Deletes segments that hold nothing from `seq` on, the oldest first. */
  async dropBefore(seq: number): Promise<void> {
    const kept = this.#segments.findLast(({ first }) => first <= seq);
    if (kept === undefined || kept === this.#segments[0]) return;
    await this.#range.noteFirst(kept.first); // before, or a crash between would look like a loss
    for (
      let next = this.#segments[1];
      next !== undefined && next.first <= seq;
      next = this.#segments[1]
    ) {
      const oldest = this.#segments[0] as SegmentFile;
      await unlink(join(this.#folder, oldest.name)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "ENOENT") throw cause;
      });
      this.#segments.shift();
    }
    await syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#range.close();
  }

  get #active(): SegmentFile {
    return this.#segments.at(-1) as SegmentFile;
  }
}

async function openLast(
  folder: string,
  segments: readonly SegmentFile[],
  next: number,
  startNew: boolean,
): Promise<{ readonly all: SegmentFile[]; readonly handle: FileHandle }> {
  const last = segments.at(-1);
  const ended = last === undefined ? null : await open(join(folder, last.name), "r+");
  await ended?.truncate(last?.bytes);
  if (ended !== null && !startNew) return { all: [...segments], handle: ended };
  await ended?.close();
  const { file, handle } = await create(folder, next);
  return { all: [...segments, file], handle };
}

async function create(
  folder: string,
  first: number,
): Promise<{ readonly file: SegmentFile; readonly handle: FileHandle }> {
  const name = segmentName(first);
  // emptied, if there is one: an attempt before this one got no further
  const handle = await open(join(folder, name), "w+", FILE_MODE);
  try {
    await syncFolder(folder);
  } catch (cause) {
    await handle.close();
    throw cause;
  }
  return { file: { name, first, bytes: 0 }, handle };
}
