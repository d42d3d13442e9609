const UINT32 = 4_294_967_296;
const SUMMANDS = 12;
const FNV_OFFSET = 2_166_136_261;
const FNV_PRIME = 16_777_619;

/**
 * Approximately normal noise, mean 0 and standard deviation 1, within -6..6. The same seed gives the
 * same numbers on every machine: a sum of twelve uniform numbers (Irwin-Hall) needs no logarithm,
 * whose last digit may differ between machines.
 *
 * Source of the uniform numbers: mulberry32 (Tommy Ettinger, public domain).
 *
 * @param seed Any text.
 */
export function seededNoise(seed: string): () => number {
  let state = hash32(seed);
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  };
  return () => {
    let sum = -SUMMANDS / 2;
    for (let i = 0; i < SUMMANDS; i++) sum += uniform();
    return sum;
  };
}

/** FNV-1a, 32 bit, over UTF-16 code units. */
function hash32(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}
