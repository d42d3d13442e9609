import type { Cells } from "../cells.ts";
import { NEUTRAL_SURPRISE } from "../warm-up/seed-rows.ts";

/** Indices of what {@link ColumnSums.add} writes. */
export const SUM = 0;
export const MOST = 1;

/**
 * Adds up the surprises of a row: over all features, and for each column as an excess over what is usual, so that the
 * fault of one column is not diluted by the others. Detectors with the same columns take turns with one object. See `docs/detector-spec.md`, section 4.
 */
export class ColumnSums {
  /** Number of columns. */
  readonly columns: number;
  readonly #column: Int32Array;
  /** What is usual for the features of each column, nats, and the square root of their number. */
  readonly #usual: Float64Array;
  readonly #root: Float64Array;
  readonly #excess: Float64Array;
  readonly #voted: Uint8Array;

  /** @param column Column of each feature: small integers from 0. */
  constructor(column: readonly number[]) {
    this.#column = Int32Array.from(column);
    this.columns = columnCount(column);
    const width = new Float64Array(this.columns);
    for (const g of column) width[g] = (width[g] as number) + 1;
    this.#usual = width.map((features) => NEUTRAL_SURPRISE * features);
    this.#root = width.map(Math.sqrt);
    this.#excess = new Float64Array(this.columns);
    this.#voted = new Uint8Array(this.columns);
  }

  /**
   * Writes the sum of all surprises to `out[SUM]`, and the largest excess of a column to `out[MOST]`, which is 0 if
   * there is only one column.
   *
   * @param surprises Begins at `at`; NaN: no vote, which counts as normal.
   * @param extra Nats to add to the excess of each column; null: none.
   * @returns The first column with the largest excess.
   */
  add(
    surprises: Float64Array,
    at: number,
    weights: Float64Array,
    extra: Cells | null,
    out: Float64Array,
  ): number {
    out[SUM] = this.#sum(surprises, at, weights);
    out[MOST] = 0;
    return this.columns === 1 ? 0 : this.#most(extra, out);
  }

  #sum(surprises: Float64Array, at: number, weights: Float64Array): number {
    this.#excess.fill(0);
    this.#voted.fill(0);
    let sum = 0;
    for (let j = 0; j < weights.length; j++) {
      const u = surprises[at + j] as number;
      const g = this.#column[j] as number;
      const isVote = !Number.isNaN(u);
      const nats = (weights[j] as number) * (isVote ? u : NEUTRAL_SURPRISE);
      sum += nats;
      this.#excess[g] = (this.#excess[g] as number) + nats;
      if (isVote) this.#voted[g] = 1;
    }
    return sum;
  }

  #most(extra: Cells | null, out: Float64Array): number {
    let found = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let g = 0; g < this.columns; g++) {
      if (this.#voted[g] === 0) continue;
      const more = extra === null ? 0 : (extra.memory.numbers[extra.at + g] as number);
      const nats = (this.#excess[g] as number) + more - (this.#usual[g] as number);
      const excess = nats / (this.#root[g] as number);
      if (excess > most) {
        most = excess;
        found = g;
      }
    }
    out[MOST] = most;
    return found;
  }
}

/** Number of columns, given the column of each feature. */
export function columnCount(column: readonly number[]): number {
  return column.reduce((most, g) => Math.max(most, g), 0) + 1;
}
