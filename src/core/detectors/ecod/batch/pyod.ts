/**
 * ECOD over a whole training matrix at once, with the arithmetic of PyOD 3.6.5 (`pyod/models/ecod.py`).
 *
 * @module
 */

/** A fitted batch ECOD. */
export interface PyodEcod {
  /** Outlier score of every training row, nats. */
  readonly scores: readonly number[];
  /** Score above which a row is an outlier: the linearly interpolated quantile at 1 - contamination. */
  readonly threshold: number;
  /** Scores test rows ranked together with the training rows, as PyOD's `decision_function` does. */
  score(test: readonly (readonly number[])[]): number[];
  /** Scores one row by itself, as a streaming detector does. Sorts each column again: O(n log n) per column. */
  scoreOne(row: readonly number[]): number;
}

/**
 * Fits batch ECOD.
 *
 * @param train Complete finite rows, shape `[n][d]`, n >= 1.
 * @param options `contamination`: expected fraction of outliers, in (0, 0.5].
 * @throws {RangeError} If a row is ragged or holds something that is not a finite number, or
 * `contamination` is out of range.
 */
export function pyodEcod(
  train: readonly (readonly number[])[],
  { contamination = 0.1 }: { readonly contamination?: number } = {},
): PyodEcod {
  if (!(contamination > 0 && contamination <= 0.5)) {
    throw new RangeError(`contamination must be in (0, 0.5], got ${contamination}`);
  }
  const dimension = train[0]?.length ?? 0;
  if (dimension === 0) throw new RangeError("Training needs at least one row and one column");
  assertMatrix(train, dimension);
  const scores = rowScores(train, dimension);
  const score = (test: readonly (readonly number[])[]): number[] => {
    assertMatrix(test, dimension);
    return rowScores([...train, ...test], dimension).slice(train.length);
  };
  return {
    scores,
    threshold: quantile(Float64Array.from(scores).sort(), 1 - contamination),
    score,
    scoreOne: (row) => score([row])[0] as number,
  };
}

function assertMatrix(rows: readonly (readonly number[])[], dimension: number): void {
  for (const [i, row] of rows.entries()) {
    if (row.length !== dimension || !row.every(Number.isFinite)) {
      throw new RangeError(`Row ${i} is not ${dimension} finite numbers`);
    }
  }
}

function rowScores(rows: readonly (readonly number[])[], dimension: number): number[] {
  const n = rows.length;
  const scores = new Array<number>(n).fill(0);
  for (let j = 0; j < dimension; j++) {
    const column = Float64Array.from(rows, (row) => row[j] as number);
    const sorted = column.slice().sort();
    const skew = Math.sign(skewness(column));
    for (let i = 0; i < n; i++) {
      const value = column[i] as number;
      const left = -Math.log(count(sorted, value, true) / n);
      const right = -Math.log((n - count(sorted, value, false)) / n);
      const bySkew = -left * Math.sign(skew - 1) + right * Math.sign(skew + 1);
      scores[i] = (scores[i] as number) + Math.max(left, right, bySkew);
    }
  }
  return scores;
}

/** Biased sample skewness m3 / m2^1.5; 0 for a column that is constant but for rounding. */
function skewness(column: Float64Array): number {
  const n = column.length;
  const mean = column.reduce((sum, value) => sum + value, 0) / n;
  const m2 = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const m3 = column.reduce((sum, value) => sum + (value - mean) ** 3, 0) / n;
  if (m2 <= (1e-15 * mean) ** 2) return 0;
  const skew = m3 / m2 ** 1.5;
  return Number.isNaN(skew) ? 0 : skew;
}

/** How many sorted values are `< x`, or with `equal` `<= x`. */
function count(sorted: Float64Array, x: number, equal: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] as number;
    if (value < x || (equal && value === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}
