import type { SeriesTerm } from "./parse-series.ts";
import { seededNoise } from "./seeded-noise.ts";

/** A value of a series: a number, null where it is missing, undefined where no row came at all. */
export type SeriesValue = number | null | undefined;

const DIGITS = 8;

/** Rows that the terms of known length stand for. */
export function seriesLength(terms: readonly SeriesTerm[]): number {
  return terms.reduce((sum, { count }) => sum + (count ?? 0), 0);
}

/**
 * The values of a series, to eight digits. A ramp begins and ends with the numbers it is written with.
 *
 * @param rows How many to make; terms without a count fill up what the others leave.
 * @param seed Of the noise; the same one gives the same values.
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
