/** Counts of one file as istanbul keeps them, by index in the order of the source. */
export interface IstanbulCounts {
  /** Statements. */
  readonly s: Record<string, number>;
  /** Functions. */
  readonly f: Record<string, number>;
  /** Branches: a count of each arm. */
  readonly b: Record<string, number[]>;
}

/**
 * Adds counts of the same source file, compiled by another compiler. Both see the same statements in
 * the same order, but tell other columns for where they end, by which istanbul would take each for two.
 *
 * @throws {RangeError} When the statements are not the same.
 */
export function addCounts(to: IstanbulCounts, from: IstanbulCounts): void {
  if (size(to.s) !== size(from.s) || size(to.f) !== size(from.f)) {
    throw new RangeError("Not counts of the same source");
  }
  for (const [index, count] of Object.entries(from.s)) to.s[index] = (to.s[index] ?? 0) + count;
  for (const [index, count] of Object.entries(from.f)) to.f[index] = (to.f[index] ?? 0) + count;
  if (size(to.b) !== size(from.b)) return; // a compiler has added one of its own
  for (const [index, arms] of Object.entries(from.b)) {
    const sum = to.b[index] ?? [];
    arms.forEach((count, arm) => {
      sum[arm] = (sum[arm] ?? 0) + count;
    });
  }
}

const size = (counts: object): number => Object.keys(counts).length;
