/** Half-life of the weights, as a share of the lines. */
const HALF_LIFE_SHARE = 0.25;
const MIN_HALF_LIFE = 3;

const SEVERAL = 3;
/** Minimum count of a common kind, as a share of the most frequent kind. */
const MIN_SHARE = 0.005;

/**
 * Weights of lines: 1 for the last one, less for older ones, so that the boot messages of a device do not outweigh its
 * readings.
 */
export function recencyWeights(lines: number): Float64Array {
  const halfLife = Math.max(MIN_HALF_LIFE, lines * HALF_LIFE_SHARE);
  return Float64Array.from({ length: lines }, (_, i) => 2 ** ((i + 1 - lines) / halfLife));
}

/** Total weight of each kind of line; null is not a kind. */
export function weighKinds<Kind>(kinds: readonly (Kind | null)[]): ReadonlyMap<Kind, number> {
  const weights = recencyWeights(kinds.length);
  const sums = new Map<Kind, number>();
  for (const [i, kind] of kinds.entries()) {
    if (kind !== null) sums.set(kind, (sums.get(kind) ?? 0) + (weights[i] as number));
  }
  return sums;
}

/**
 * The common kinds. A kind that occurs once, while others occur several times, is a partial line or a message.
 */
export function commonKinds<Kind>(kinds: readonly Kind[]): ReadonlySet<Kind> {
  const counts = new Map<Kind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const least = most < SEVERAL ? 1 : Math.max(2, most * MIN_SHARE);
  return new Set([...counts].filter(([, count]) => count >= least).map(([kind]) => kind));
}
