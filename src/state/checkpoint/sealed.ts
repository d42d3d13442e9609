import { crc32 } from "node:zlib";

const CRC_BYTES = 4;

/**
 * Bytes with a checksum before them. It covers `label` too, so that a value never passes for
 * another one.
 */
export function seal(label: string, bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(CRC_BYTES + bytes.length);
  sealed.set(bytes, CRC_BYTES);
  new DataView(sealed.buffer).setUint32(0, checksum(label, bytes));
  return sealed;
}

/** The bytes behind a checksum that fits; null when it does not. */
export function unseal(label: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < CRC_BYTES) return null;
  const bytes = sealed.subarray(CRC_BYTES);
  const stored = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  return stored === checksum(label, bytes) ? bytes : null;
}

function checksum(label: string, bytes: Uint8Array): number {
  return crc32(bytes, crc32(label));
}
