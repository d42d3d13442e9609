/** Share of the lines after which the older ones weigh half. */
const HALF_LIFE_SHARE = 0.25;
const MIN_HALF_LIFE = 3;

const SEVERAL = 3;
/** Share of the most frequent kind that a kind must have. */
const MIN_SHARE = 0.005;

/**
 * Weight of each of so many lines: the last one 1, older ones less. What a device prints when it starts
 * must not outweigh its readings.
 */
export function recencyWeights(lines: number): Float64Array {
  const halfLife = Math.max(MIN_HALF_LIFE, lines * HALF_LIFE_SHARE);
  return Float64Array.from({ length: lines }, (_, i) => 2 ** ((i + 1 - lines) / halfLife));
}

/** The weights that each kind of line has together; null is no kind. */
export function weighKinds<Kind>(kinds: readonly (Kind | null)[]): ReadonlyMap<Kind, number> {
  const weights = recencyWeights(kinds.length);
  const sums = new Map<Kind, number>();
  for (const [i, kind] of kinds.entries()) {
    if (kind !== null) sums.set(kind, (sums.get(kind) ?? 0) + (weights[i] as number));
  }
  return sums;
}

/**
 * The kinds that are no accident: what is there once, where others are there several times, is a part of a
 * line or a message.
 */
export function commonKinds<Kind>(kinds: readonly Kind[]): ReadonlySet<Kind> {
  const counts = new Map<Kind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const least = most < SEVERAL ? 1 : Math.max(2, most * MIN_SHARE);
  return new Set([...counts].filter(([, count]) => count >= least).map(([kind]) => kind));
}
