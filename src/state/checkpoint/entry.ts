const LENGTH_BYTES = 4;

/** A record of the checkpoint log. */
export type Entry =
  /** A value: whole, or as a patch of the value that the log holds so far. Counts when its attempt is saved. */
  | {
      readonly kind: "whole" | "patch";
      /** Number of the attempt to save a generation. */
      readonly attempt: number;
      readonly name: string;
      /** Bytes of the value. */
      readonly size: number;
      /** Whether the bytes of the value or patch are compressed (raw deflate). */
      readonly packed: boolean;
    }
  /** The end of a saved generation. */
  | { readonly kind: "saved"; readonly manifest: Manifest }
  /** A number of the owner, see `CheckpointStore.note`. */
  | { readonly kind: "note"; readonly note: number };

/** Everything that a generation holds. */
export interface Manifest {
  /** Number of the generation: that of the attempt which saved it. */
  readonly generation: number;
  /** The generation that patches build on; 0: none. */
  readonly base: number;
  readonly note: number;
  /** Name, version and CRC-32 of each value; null: a value without bytes, which has no other record. */
  readonly values: readonly (readonly [name: string, version: number, crc: number | null])[];
}

/** Encodes an entry: the length of its head, the head as JSON, and the bytes of a value or patch. */
export function encodeEntry(entry: Entry, bytes: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.from(JSON.stringify(entry));
  const record = Buffer.allocUnsafe(LENGTH_BYTES + head.length + bytes.length);
  record.writeUInt32LE(head.length, 0);
  record.set(head, LENGTH_BYTES);
  record.set(bytes, LENGTH_BYTES + head.length);
  return record;
}

/** Decodes a record of {@link encodeEntry}; the bytes are a view of it. */
export function decodeEntry(record: Uint8Array): { entry: Entry; bytes: Uint8Array } {
  const buffer = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const end = LENGTH_BYTES + buffer.readUInt32LE(0);
  const entry = JSON.parse(buffer.toString("utf8", LENGTH_BYTES, end)) as Entry;
  return { entry, bytes: record.subarray(end) };
}
