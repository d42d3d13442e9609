/**
 * Checks LevelDB's table files before LevelDB reads them: it does not verify their checksums, and a
 * malformed block can end the process where nothing can be caught. Only for tables without compression.
 *
 * Source: leveldb, doc/table_format.md and table/block_builder.cc.
 *
 * @module
 */
import { maskedCrc32c } from "./crc32c.ts";

const FOOTER_BYTES = 48;
const FOOTER_MAGIC = Buffer.from("57fb808b247547db", "hex");
/** Compression type and checksum behind each block. */
const TRAILER_BYTES = 5;
/** Sequence number and type behind each key. */
const INTERNAL_BYTES = 8;

interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/**
 * Whether LevelDB can read a table without harm: its index is intact and its blocks are well formed.
 * A value may still be wrong, since values have checksums of their own.
 */
export function isReadableTable(file: Buffer): boolean {
  try {
    checkTable(file);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function checkTable(file: Buffer): void {
  const footer = new Cursor(file.subarray(Math.max(0, file.length - FOOTER_BYTES)));
  const [meta, index] = [blockAt(file, footer, "intact"), blockAt(file, footer, "intact")];
  if (!file.subarray(-FOOTER_MAGIC.length).equals(FOOTER_MAGIC)) throw new RangeError("No footer");
  // a filter that is wrong hides values
  for (const { value } of entriesOf(meta)) blockAt(file, new Cursor(value), "intact");
  let last: Buffer = Buffer.alloc(0);
  for (const { value } of entriesOf(index)) {
    for (const { key } of entriesOf(blockAt(file, new Cursor(value), "any"))) {
      if (key.length < INTERNAL_BYTES) throw new RangeError("A key is too short");
      const user = key.subarray(0, -INTERNAL_BYTES);
      if (last.compare(user) > 0) throw new RangeError("Keys are out of order");
      last = user;
    }
  }
}

/** The block that a handle (offset and size) at the cursor points to. */
function blockAt(file: Buffer, handle: Cursor, wanted: "intact" | "any"): Buffer {
  const [offset, size] = [handle.varint(), handle.varint()];
  const block = new Cursor(file.subarray(offset)).take(size + TRAILER_BYTES);
  const covered = block.subarray(0, size + 1);
  if (covered[size] !== 0) throw new RangeError("A block is compressed");
  if (wanted === "intact" && block.readUInt32LE(size + 1) !== maskedCrc32c(covered)) {
    throw new RangeError("A block is damaged");
  }
  return block.subarray(0, size);
}

/** The entries of a block: each key shares its beginning with the one before. */
function entriesOf(block: Buffer): Entry[] {
  const count = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 * (count + 1);
  if (count === 0 || end < 0) throw new RangeError("A block is malformed");
  const restarts = Array.from({ length: count }, (_, i) => block.readUInt32LE(end + 4 * i));
  const cursor = new Cursor(block.subarray(0, end));
  const entries: Entry[] = [];
  let key: Buffer = Buffer.alloc(0);
  let passed = 0;
  while (cursor.at < end) {
    const isRestart = cursor.at === restarts[passed];
    const [shared, fresh, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length || (isRestart && shared > 0))
      throw new RangeError("A key is malformed");
    key = Buffer.concat([key.subarray(0, shared), cursor.take(fresh)]);
    entries.push({ key, value: cursor.take(length) });
    if (isRestart) passed += 1;
  }
  if (passed < count && !(entries.length === 0 && count === 1)) {
    throw new RangeError("A block is malformed");
  }
  return entries;
}

/** Reads forward; past the end it throws a RangeError. */
class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 42) throw new RangeError("A number is too long");
    }
  }

  take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.at, this.at + length);
    if (taken.length < length) throw new RangeError("The bytes end too early");
    this.at += length;
    return taken;
  }
}
