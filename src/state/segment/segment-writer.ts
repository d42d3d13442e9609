import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../sync-folder.ts";
import { type SegmentFile, segmentName } from "./segment-file.ts";

/**
 * The files behind a segment log: appends to the last one, begins new ones, deletes old ones. Errors are
 * those of the file system; after one everything can be tried again. Not for overlapping calls.
 */
export class SegmentWriter {
  readonly #folder: string;
  readonly #segments: SegmentFile[];
  #handle: FileHandle;
  /** Whether bytes behind the last whole record may have been written. */
  #torn = false;

  private constructor(folder: string, segments: SegmentFile[], handle: FileHandle) {
    this.#folder = folder;
    this.#segments = segments;
    this.#handle = handle;
  }

  /**
   * @param segments Those that there are, their bytes up to the last whole record.
   * @param next Sequence number of the next record.
   * @param startNew Whether a new segment begins with it in any case.
   */
  static async open(
    folder: string,
    segments: readonly SegmentFile[],
    next: number,
    startNew: boolean,
  ): Promise<SegmentWriter> {
    const last = segments.at(-1);
    if (last === undefined || startNew) {
      const { file, handle } = await create(folder, next);
      return new SegmentWriter(folder, [...segments, file], handle);
    }
    const handle = await open(join(folder, last.name), "r+");
    await handle.truncate(last.bytes);
    return new SegmentWriter(folder, [...segments], handle);
  }

  /** In order; the last one is written to. */
  get segments(): readonly SegmentFile[] {
    return this.#segments;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes of the segment that is written to. */
  get activeBytes(): number {
    return this.#active.bytes;
  }

  /** Whether `more` bytes would take the segment past `limit`; never when it is empty. */
  isFull(more: number, limit: number): boolean {
    return this.activeBytes > 0 && this.activeBytes + more > limit;
  }

  /** Appends whole records. */
  async write(records: Buffer): Promise<void> {
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

  /** Brings what was written to the disk. */
  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  /** Begins a new segment; what is in the old one is on the disk then. */
  async rotate(next: number): Promise<void> {
    if (this.#torn) await this.#handle.truncate(this.activeBytes);
    this.#torn = false;
    await this.sync();
    const { file, handle } = await create(this.#folder, next);
    await this.#handle.close();
    this.#handle = handle;
    this.#segments.push(file);
  }

  /** Deletes segments that hold nothing from `seq` on, the oldest first. */
  async dropBefore(seq: number): Promise<void> {
    let dropped = 0;
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
      dropped += 1;
    }
    if (dropped > 0) await syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  get #active(): SegmentFile {
    return this.#segments.at(-1) as SegmentFile;
  }
}

async function create(
  folder: string,
  first: number,
): Promise<{ readonly file: SegmentFile; readonly handle: FileHandle }> {
  const name = segmentName(first);
  // emptied, if there is one: an attempt before this one got no further
  const handle = await open(join(folder, name), "w+");
  try {
    await syncFolder(folder);
  } catch (cause) {
    await handle.close();
    throw cause;
  }
  return { file: { name, first, bytes: 0 }, handle };
}
