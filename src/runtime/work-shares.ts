/** How keys are spread over the engines of a runtime. */
export interface WorkShares {
  /** Engines in threads of their own. */
  readonly threads: number;
  /** Engine of a key, by its code modulo the length: threads first, then that of the caller, if it runs one. */
  readonly owners: Uint8Array;
}

/**
 * Where two or three engines take all the cores there are, one of them runs in the thread that reads: a
 * further thread would only take turns with them, and has to start and to warm up. Reading and
 * collecting cost about a sixth of what engines do, so that one has fewer keys; with four, it
 * would have hardly any.
 *
 * @param workers Engines, >= 2.
 * @param cores Processors that this process may use.
 */
export function workShares(workers: number, cores: number): WorkShares {
  if (cores <= 2 && workers === 2) return { threads: 1, owners: keyOwners([5, 3]) };
  if (cores <= 3 && workers === 3) return { threads: 2, owners: keyOwners([5, 5, 2]) };
  return { threads: workers, owners: keyOwners(Array.from({ length: workers }, () => 1)) };
}

/** Spreads keys by whole-numbered weights, so that any first few of them are spread alike. */
function keyOwners(weights: readonly number[]): Uint8Array {
  const period = weights.reduce((sum, weight) => sum + weight);
  const owners = new Uint8Array(period);
  const given = weights.map(() => 0);
  for (let key = 0; key < period; key++) {
    const missing = weights.map(
      (weight, i) => (weight * (key + 1)) / period - (given[i] as number),
    );
    const owner = missing.indexOf(Math.max(...missing));
    owners[key] = owner;
    given[owner] = (given[owner] as number) + 1;
  }
  return owners;
}
