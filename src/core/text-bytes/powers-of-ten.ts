/** Exponents of the powers that printing a double needs. */
const FIRST = -292;
const LAST = 324;
const BITS = 128;

/**
 * Powers of ten as integers of 128 bits, rounded up, in the order of their exponents: each is 10^e divided by a power of
 * two. The low 64 bits come first. About a millisecond.
 */
export function powersOfTen(): BigUint64Array<ArrayBuffer> {
  const table = new BigUint64Array(2 * (LAST - FIRST + 1));
  for (let e = FIRST, at = 0; e <= LAST; e++) {
    const power = e < 0 ? dividedOne(10n ** BigInt(-e)) : scaled(10n ** BigInt(e));
    table[at++] = power; // the array takes the low 64 bits
    table[at++] = power >> 64n;
  }
  return table;
}

/** The leading 128 bits of 1 / n, rounded up; n is not a power of two. */
function dividedOne(n: bigint): bigint {
  return (1n << BigInt(BITS - 1 + bitLength(n))) / n + 1n;
}

/** The leading 128 bits of n, rounded up. */
function scaled(n: bigint): bigint {
  const extra = BigInt(bitLength(n) - BITS);
  if (extra <= 0n) return n << -extra;
  return (n >> extra) + 1n; // the bits shifted out are not all zero: n is odd times a small power of two
}

function bitLength(n: bigint): number {
  const hex = n.toString(16);
  return 4 * hex.length - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}
