import { crc32 } from "node:zlib";

/** By how much a sealed value is longer. */
export const SEAL_BYTES = 4;

/**
 * Bytes with a checksum before them. It covers `label` too, so that a value never passes for
 * another one.
 */
export function seal(label: string, bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(SEAL_BYTES + bytes.length);
  sealInto(sealed, label, bytes);
  return sealed;
}

/** As {@link seal}, into a place of the right length. */
export function sealInto(sealed: Uint8Array, label: string, bytes: Uint8Array): void {
  sealed.set(bytes, SEAL_BYTES);
  new DataView(sealed.buffer, sealed.byteOffset).setUint32(0, checksum(label, bytes));
}

/** The bytes behind a checksum that fits; null when it does not. */
export function unseal(label: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_BYTES) return null;
  const bytes = sealed.subarray(SEAL_BYTES);
  const stored = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  return stored === checksum(label, bytes) ? bytes : null;
}

function checksum(label: string, bytes: Uint8Array): number {
  return crc32(bytes, crc32(label));
}
