import type { SeriesTerm } from "./parse-series.ts";
import { seededNoise } from "./seeded-noise.ts";

/** A value of a series: a number, null if missing, undefined if there is no row. */
export type SeriesValue = number | null | undefined;

const DIGITS = 8;

/** Number of rows of the terms with a known length. */
export function seriesLength(terms: readonly SeriesTerm[]): number {
  return terms.reduce((sum, { count }) => sum + (count ?? 0), 0);
}

/**
 * The values of a series, rounded to eight digits. A ramp includes both ends.
 *
 * @param rows Number of rows; a term without a count fills the rest.
 * @param seed Seed of the noise; the same seed gives the same values.
 */
export function seriesValues(
  terms: readonly SeriesTerm[],
  rows: number,
  seed: string,
): readonly SeriesValue[] {
  const noise = seededNoise(seed);
  const rest = rows - seriesLength(terms);
  return terms.flatMap((term) => {
    const count = Math.max(0, term.count ?? rest);
    return Array.from({ length: count }, (_, i): SeriesValue => {
      if (term.kind !== "line") return term.kind === "missing" ? null : undefined;
      const { from, to } = term;
      const line = count === 1 ? from : from + ((to - from) * i) / (count - 1);
      const value = term.noise === 0 ? line : line + term.noise * noise();
      return Number(value.toPrecision(DIGITS));
    });
  });
}
