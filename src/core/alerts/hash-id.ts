const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/**
 * A deterministic id of some parts: 32 hexadecimal digits, equal for equal parts only (but for
 * chance). Not for secrets.
 *
 * Source: FNV-1a, 128 bit (Fowler, Noll, Vo; IETF draft-eastlake-fnv). A separator that cannot
 * occur in UTF-8 keeps `["ab", "c"]` and `["a", "bc"]` apart.
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
