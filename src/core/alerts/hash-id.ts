const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/**
 * Hashes parts to a deterministic id of 32 hexadecimal digits. Different parts practically never get the same id.
 * Not for secrets.
 *
 * Source: FNV-1a, 128 bit (Fowler, Noll, Vo; IETF draft-eastlake-fnv). A separator that can't occur in UTF-8
 * distinguishes `["ab", "c"]` from `["a", "bc"]`.
 */
export function hashId(...parts: readonly (string | number)[]): string {
  const encoder = new TextEncoder();
  let hash = OFFSET;
  const mix = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  };
  for (const part of parts) {
    for (const byte of encoder.encode(String(part))) mix(byte);
    mix(0xff);
  }
  return hash.toString(16).padStart(32, "0");
}
