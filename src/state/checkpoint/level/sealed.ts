import { crc32 } from "node:zlib";

const SEAL_BYTES = 4;

/**
 * Bytes behind a checksum, which covers a label too; null if it does not fit.
 *
 * @param label Name and version of a value, or key of a manifest.
 */
export function unseal(label: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_BYTES) return null;
  const bytes = sealed.subarray(SEAL_BYTES);
  const stored = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  return stored === crc32(bytes, crc32(label)) ? bytes : null;
}
