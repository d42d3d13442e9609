/** Assignment of keys to the engines of a runtime. */
export interface WorkShares {
  /** Number of engines in worker threads. */
  readonly threads: number;
  /** Engine by key code modulo the length: worker threads first, then the engine of the caller, if any. */
  readonly owners: Uint8Array;
}

/**
 * Assigns keys to engines. If two or three engines use all cores, one of them runs in the thread that reads:
 * another thread would only compete with them, and has to start and warm up. Reading and collecting cost a
 * sixth to a quarter of the work of the engines, so this engine gets fewer keys. With four engines it would get hardly any.
 *
 * @param workers Number of engines, >= 2.
 * @param cores Number of available processors.
 */
export function workShares(workers: number, cores: number): WorkShares {
  if (cores <= 2 && workers === 2) return { threads: 1, owners: keyOwners([5, 3]) };
  if (cores <= 3 && workers === 3) return { threads: 2, owners: keyOwners([5, 5, 2]) };
  return { threads: workers, owners: keyOwners(Array.from({ length: workers }, () => 1)) };
}

/** Spreads keys by integer weights; every prefix of the keys is spread in proportion. */
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
