const POLYNOMIAL = 0x82f63b78; // Castagnoli, reflected
const MASK_DELTA = 0xa282ead8;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/**
 * CRC-32C as LevelDB stores it: rotated and offset, so that a checksum of a checksum is none.
 *
 * Source: leveldb, util/crc32c.h.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
