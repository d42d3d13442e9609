/**
 * Pairs as many expectations as possible with distinct fitting results, so that a loose entry does not take
 * the only result that fits a strict one.
 *
 * Source: augmenting paths (H. W. Kuhn, "The Hungarian method for the assignment problem", 1955).
 *
 * @param fits Whether the expectation of the first index accepts the result of the second.
 * @returns For each expectation the index of its result; -1: none.
 */
export function pairUp(
  expected: number,
  actual: number,
  fits: (expected: number, actual: number) => boolean,
): readonly number[] {
  const owner = new Array<number>(actual).fill(-1);
  const assign = (e: number, tried: Set<number>): boolean => {
    for (let a = 0; a < actual; a++) {
      if (tried.has(a) || !fits(e, a)) continue;
      tried.add(a);
      const before = owner[a] ?? -1;
      if (before >= 0 && !assign(before, tried)) continue;
      owner[a] = e;
      return true;
    }
    return false;
  };
  for (let e = 0; e < expected; e++) assign(e, new Set());
  return Array.from({ length: expected }, (_, e) => owner.indexOf(e));
}
