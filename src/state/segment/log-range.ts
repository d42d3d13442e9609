/**
 * The range of a log, in a file beside its folder: the evidence of records that are missing at an end of the log. A
 * file that is truncated at a record boundary, emptied or deleted looks intact by itself.
 *
 * The file has two slots, written in turn, so that a torn write leaves one intact. A slot, big-endian: 6 bytes first
 * record, 6 bytes next record, 4 bytes CRC-32. A write changes 16 bytes in place, and the system brings it to the disk
 * when it likes: after a power cut the range may lag behind the log, but is never ahead of what was synced.
 *
 * @module
 */
import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import { FILE_MODE } from "../files/private-files.ts";
import { requireKind } from "../files/set-aside.ts";
import type { ReportDamage } from "../state-error.ts";

const SLOT_BYTES = 16;
const NUMBER_BYTES = 6;

/** Sequence numbers of a log. */
export interface Range {
  /** Its first record. */
  readonly first: number;
  /** The record after its last one. */
  readonly next: number;
}

/** Path of the range of the log in a folder. */
function rangePath(folder: string): string {
  return `${folder}.range`;
}

/** Reads a range; null if there is none, as beside logs of older versions. Reports one that is damaged. */
export async function readRange(folder: string, report: ReportDamage): Promise<Range | null> {
  const path = rangePath(folder);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    if (code !== "EISDIR") throw cause;
    bytes = Buffer.alloc(0);
  }
  const slots = [slotAt(bytes, 0), slotAt(bytes, SLOT_BYTES)].filter((slot) => slot !== null);
  if (slots.length > 0) return slots.reduce((a, b) => (isNewer(b, a) ? b : a));
  const message =
    "it is damaged and is written anew: records that are missing at an end of the log are not noticed this time";
  report({ at: basename(path), message, records: 0, bytes: bytes.length });
  return null;
}

/** Writes the range of a log. An error costs only the evidence, so none is thrown. */
export class LogRange {
  readonly #handle: FileHandle | null;
  #slot = 0;
  #range: Range;
  #bytes = 0;

  private constructor(handle: FileHandle | null, range: Range) {
    this.#handle = handle;
    this.#range = range;
  }

  /** Opens or creates the range of a log and writes it to the disk. */
  static async open(folder: string, range: Range, report: ReportDamage): Promise<LogRange> {
    const path = rangePath(folder);
    let handle: FileHandle | null = null;
    try {
      await requireKind(path, "file", report);
      handle = await open(path, constants.O_RDWR | constants.O_CREAT, FILE_MODE);
    } catch {
      // without the file there is no evidence
    }
    const opened = new LogRange(handle, range);
    await opened.#writeBoth();
    return opened;
  }

  /** Bytes written since it was opened. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes that the records before `next` are synced. */
  async noteNext(next: number): Promise<void> {
    if (next === this.#range.next) return;
    this.#range = { ...this.#range, next };
    await this.#write(this.#slot);
    this.#slot = 1 - this.#slot;
  }

  /** Notes that records before `first` are about to be deleted. On the disk when it resolves. */
  async noteFirst(first: number): Promise<void> {
    this.#range = { first, next: Math.max(first, this.#range.next) };
    await this.#writeBoth();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  async #writeBoth(): Promise<void> {
    await this.#write(0);
    await this.#write(1);
    await this.#handle?.datasync().catch(() => {});
  }

  async #write(slot: number): Promise<void> {
    const bytes = Buffer.alloc(SLOT_BYTES);
    bytes.writeUIntBE(this.#range.first, 0, NUMBER_BYTES);
    bytes.writeUIntBE(this.#range.next, NUMBER_BYTES, NUMBER_BYTES);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 2 * NUMBER_BYTES)), 2 * NUMBER_BYTES);
    this.#bytes += SLOT_BYTES;
    await this.#handle?.write(bytes, 0, SLOT_BYTES, slot * SLOT_BYTES).catch(() => {});
  }
}

function slotAt(bytes: Buffer, at: number): Range | null {
  const slot = bytes.subarray(at, at + SLOT_BYTES);
  if (slot.length < SLOT_BYTES) return null;
  if (slot.readUInt32BE(2 * NUMBER_BYTES) !== crc32(slot.subarray(0, 2 * NUMBER_BYTES)))
    return null;
  const first = slot.readUIntBE(0, NUMBER_BYTES);
  return { first, next: slot.readUIntBE(NUMBER_BYTES, NUMBER_BYTES) };
}

function isNewer(a: Range, b: Range): boolean {
  return a.next > b.next || (a.next === b.next && a.first > b.first);
}
