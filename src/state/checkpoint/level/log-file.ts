/**
 * Reads LevelDB's logs: the writes since its newest table.
 *
 * Source: leveldb, doc/log_format.md and db/write_batch.cc.
 *
 * @module
 */
import { maskedCrc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import type { LevelEntries, LevelEntry } from "./entries.ts";

const BLOCK_BYTES = 32 * 1024;
/** Checksum, length and kind of a fragment. */
const HEADER_BYTES = 7;
const [FULL, FIRST, LAST] = [1, 2, 4];
const VALUE = 1;

/** The entries of a log, as far as it is intact. */
export function logEntries(file: Buffer): LevelEntries {
  const entries: LevelEntry[] = [];
  let isDamaged = false;
  for (const batch of batchesOf(file)) {
    try {
      entries.push(...entriesOf(new Cursor(batch)));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isDamaged = true;
    }
  }
  return { entries, isDamaged };
}

/** Whole batches. A torn one at the end was never confirmed; damaged ones miss from their generation. */
function* batchesOf(file: Buffer): Generator<Buffer> {
  let parts: Buffer[] | null = null;
  for (let at = 0; at + HEADER_BYTES <= file.length; ) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) {
      at += left;
      continue;
    }
    const kind = file.readUInt8(at + 6);
    const end = at + HEADER_BYTES + file.readUInt16LE(at + 4);
    const isIntact =
      end <= file.length &&
      end - at <= left &&
      file.readUInt32LE(at) === maskedCrc32c(file.subarray(at + 6, end));
    if (!isIntact) {
      parts = null;
      at += left; // fragments do not cross blocks
      continue;
    }
    const data = file.subarray(at + HEADER_BYTES, end);
    if (kind === FULL || kind === FIRST) parts = [data];
    else parts?.push(data);
    if (parts !== null && (kind === FULL || kind === LAST)) {
      yield Buffer.concat(parts);
      parts = null;
    }
    at = end;
  }
}

function* entriesOf(cursor: Cursor): Generator<LevelEntry> {
  const first = cursor.uint64();
  const count = cursor.take(4).readUInt32LE(0);
  for (let i = 0; i < count; i++) {
    const kind = cursor.take(1).readUInt8(0);
    const key = cursor.take(cursor.varint()).toString();
    const value = kind === VALUE ? cursor.take(cursor.varint()) : null;
    yield { key, value, sequence: first + i };
  }
}
