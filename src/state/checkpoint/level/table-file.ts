/**
 * Reads LevelDB's tables without compression.
 *
 * Source: leveldb, doc/table_format.md and table/block_builder.cc.
 *
 * @module
 */
import { maskedCrc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import type { LevelEntries, LevelEntry } from "./entries.ts";

const FOOTER_BYTES = 48;
/** Compression and checksum after each block. */
const TRAILER_BYTES = 5;
/** Sequence number and kind after each key. */
const INTERNAL_BYTES = 8;
const VALUE = 1;

/** The entries of a table, as far as its index and its blocks are intact. */
export function tableEntries(file: Buffer): LevelEntries {
  const entries: LevelEntry[] = [];
  let isDamaged = false;
  const read = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isDamaged = true;
      return null;
    }
  };
  const handles = read(() => {
    const footer = new Cursor(file.subarray(Math.max(0, file.length - FOOTER_BYTES)));
    footer.varint(); // the handle of the filters comes first
    footer.varint();
    return pairsOf(blockAt(file, footer));
  });
  for (const { value: handle } of handles ?? []) {
    const pairs = read(() => pairsOf(blockAt(file, new Cursor(handle))));
    for (const pair of pairs ?? []) {
      const entry = read(() => entryOf(pair));
      if (entry !== null) entries.push(entry);
    }
  }
  return { entries, isDamaged };
}

interface Pair {
  readonly key: Buffer;
  readonly value: Buffer;
}

function entryOf({ key, value }: Pair): LevelEntry {
  if (key.length < INTERNAL_BYTES) throw new RangeError("A key is too short");
  const internal = key.subarray(-INTERNAL_BYTES).readBigUInt64LE(0);
  const isValue = Number(internal & 0xffn) === VALUE;
  return {
    key: key.toString("utf8", 0, key.length - INTERNAL_BYTES),
    value: isValue ? value : null,
    sequence: Number(internal >> 8n),
  };
}

/** The block that a handle (offset and size) at the cursor points to. */
function blockAt(file: Buffer, handle: Cursor): Buffer {
  const [offset, size] = [handle.varint(), handle.varint()];
  const block = new Cursor(file.subarray(offset)).take(size + TRAILER_BYTES);
  const covered = block.subarray(0, size + 1);
  if (covered[size] !== 0) throw new RangeError("A block is compressed");
  if (block.readUInt32LE(size + 1) !== maskedCrc32c(covered)) {
    throw new RangeError("A block is damaged");
  }
  return block.subarray(0, size);
}

/** Keys and values of a block: each key shares its beginning with the one before. */
function pairsOf(block: Buffer): Pair[] {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 * (restarts + 1);
  if (end < 0) throw new RangeError("A block is malformed");
  const cursor = new Cursor(block.subarray(0, end));
  const pairs: Pair[] = [];
  let key: Buffer = Buffer.alloc(0);
  while (cursor.at < end) {
    const [shared, fresh, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length) throw new RangeError("A key is malformed");
    key = Buffer.concat([key.subarray(0, shared), cursor.take(fresh)]);
    pairs.push({ key, value: cursor.take(length) });
  }
  return pairs;
}
