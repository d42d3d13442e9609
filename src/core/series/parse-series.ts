/** One term of a series: values along a line, missing values, or absent rows. */
export type SeriesTerm =
  | {
      readonly kind: "line";
      readonly from: number;
      readonly to: number;
      /** Standard deviation of the added noise. */
      readonly noise: number;
      /** Number of rows; null: up to the length of the longest column. */
      readonly count: number | null;
    }
  | { readonly kind: "missing" | "gap"; readonly count: number | null };

/** The terms, or the index of the first invalid character and the reason. */
export type ParsedSeries =
  | { readonly terms: readonly SeriesTerm[] }
  | { readonly index: number; readonly message: string };

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const TERM = new RegExp(
  `^(?:(_)|(-)|(${NUMBER})(?:\\.\\.(${NUMBER}))?(?:~(${NUMBER}))?)(?:x(\\d+|\\*))?$`,
);

/** Maximum number of rows of one term. */
const MAX_ROWS = 1_000_000;

/**
 * Parses the short notation of a column: terms separated by spaces. A term is `VALUE` or `FROM..TO` (a ramp), both
 * with optional `~SIGMA` (noise), `_` (a missing value), or `-` (no row). A suffix `xN` repeats the term N times;
 * `x*`, only on the last term, fills up to the length of the longest column.
 */
export function parseSeries(text: string): ParsedSeries {
  const terms: SeriesTerm[] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (terms.at(-1)?.count === null) {
      return { index, message: "a term with x* must be the last one" };
    }
    const term = parseTerm(word);
    if (typeof term === "string") return { index, message: `"${word}" ${term}` };
    terms.push(term);
  }
  if (terms.length === 0) return { index: 0, message: "has no values" };
  return { terms };
}

function parseTerm(word: string): SeriesTerm | string {
  const [, missing, gap, from, to = from, noise = "0", times = "1"] = TERM.exec(word) ?? [];
  const count = times === "*" ? null : Number(times);
  if (count !== null && !(count >= 1 && count <= MAX_ROWS))
    return `must have 1 to ${MAX_ROWS} rows`;
  if (missing !== undefined) return { kind: "missing", count };
  if (gap !== undefined) return { kind: "gap", count };
  if (from === undefined) {
    return "is not a term such as 22, 22~0.2x300, 20..35x60, _x5 (missing) or -x5 (no row)";
  }
  const term = { from: Number(from), to: Number(to), noise: Number(noise) };
  if (![term.from, term.to, term.noise].every(Number.isFinite)) return "is too large";
  if (term.noise < 0) return "has noise below zero";
  return { kind: "line", ...term, count };
}
