/**
 * How a record lies in a segment, big-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 4 | `d7 49 4d 1b`; never in UTF-8 text, so a scan for it is not led astray by text payloads |
 * | 4 | length of the payload |
 * | 6 | sequence number |
 * | 4 | CRC-32 of length, sequence number and payload |
 * | n | payload |
 *
 * @module
 */
import { crc32 } from "node:zlib";

const MAGIC = Buffer.from([0xd7, 0x49, 0x4d, 0x1b]);
const LENGTH_AT = 4;
const SEQ_AT = 8;
const CRC_AT = 14;

/** Bytes of a record without its payload. */
export const RECORD_OVERHEAD_BYTES = 18;

/** A record of a segment, or a damaged stretch. */
export type Scanned =
  | {
      readonly kind: "record";
      readonly seq: number;
      /** A view of the scanned bytes. */
      readonly payload: Buffer;
      readonly offset: number;
      readonly end: number;
    }
  | {
      readonly kind: "damage";
      readonly offset: number;
      readonly end: number;
      /** Number of records that it seems to hold: 0 if all bytes are zero, else at least 1. */
      readonly looksLike: number;
    };

/**
 * Encodes a record.
 *
 * @param seq Whole, in [0, 2^48).
 */
export function encodeRecord(seq: number, payload: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(RECORD_OVERHEAD_BYTES + payload.length);
  MAGIC.copy(record);
  record.writeUInt32BE(payload.length, LENGTH_AT);
  record.writeUIntBE(seq, SEQ_AT, 6);
  record.set(payload, RECORD_OVERHEAD_BYTES);
  record.writeUInt32BE(checksum(record), CRC_AT);
  return record;
}

/** The records of a segment and the damaged stretches between them, in order. */
export function* scanRecords(bytes: Buffer): Generator<Scanned> {
  for (let at = 0; at < bytes.length; ) {
    const record = recordAt(bytes, at);
    if (record !== null) {
      yield record;
      at = record.end;
      continue;
    }
    const end = nextRecord(bytes, at + 1);
    yield { kind: "damage", offset: at, end, looksLike: looksLike(bytes.subarray(at, end)) };
    at = end;
  }
}

function recordAt(bytes: Buffer, at: number): Extract<Scanned, { kind: "record" }> | null {
  if (bytes.length - at < RECORD_OVERHEAD_BYTES) return null;
  if (bytes.compare(MAGIC, 0, MAGIC.length, at, at + MAGIC.length) !== 0) return null;
  const end = at + RECORD_OVERHEAD_BYTES + bytes.readUInt32BE(at + LENGTH_AT);
  if (end > bytes.length) return null;
  const record = bytes.subarray(at, end);
  if (record.readUInt32BE(CRC_AT) !== checksum(record)) return null;
  const payload = record.subarray(RECORD_OVERHEAD_BYTES);
  return { kind: "record", seq: record.readUIntBE(SEQ_AT, 6), payload, offset: at, end };
}

/** Where the next intact record starts, at `from` or later; the end without one. */
function nextRecord(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    if (recordAt(bytes, at) !== null) return at;
  }
  return bytes.length;
}

function looksLike(bytes: Buffer): number {
  if (bytes.every((byte) => byte === 0)) return 0;
  let count = 0;
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) count += 1;
  return Math.max(1, count);
}

function checksum(record: Buffer): number {
  const head = crc32(record.subarray(LENGTH_AT, CRC_AT));
  return crc32(record.subarray(RECORD_OVERHEAD_BYTES), head);
}
