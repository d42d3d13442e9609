/** What one term of a series stands for: values along a line, missing values, or rows that never came. */
export type SeriesTerm =
  | {
      readonly kind: "line";
      readonly from: number;
      readonly to: number;
      /** Standard deviation of the noise on it. */
      readonly noise: number;
      /** Rows; null: as many as the longest column has. */
      readonly count: number | null;
    }
  | { readonly kind: "missing" | "gap"; readonly count: number | null };

/** A series that was understood, or the first character that was not and why. */
export type ParsedSeries =
  | { readonly terms: readonly SeriesTerm[] }
  | { readonly index: number; readonly message: string };

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const TERM = new RegExp(
  `^(?:(_)|(-)|(${NUMBER})(?:\\.\\.(${NUMBER}))?(?:~(${NUMBER}))?)(?:x(\\d+|\\*))?$`,
);

/** Most rows of one term. */
const MOST_ROWS = 1_000_000;

/**
 * Reads the short notation of a column: terms with blanks between them, each
 * `VALUE`, `FROM..TO` (a ramp), either with `~SIGMA` (noise), or `_` (a missing value), or `-` (no row at all),
 * and each with `xN` (so often) or, at the end, `x*` (as often as the longest column needs).
 */
export function parseSeries(text: string): ParsedSeries {
  const terms: SeriesTerm[] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (terms.at(-1)?.count === null) {
      return { index, message: "nothing can follow a term that goes on to the end (x*)" };
    }
    const term = parseTerm(word);
    if (typeof term === "string") return { index, message: `"${word}" ${term}` };
    terms.push(term);
  }
  if (terms.length === 0) return { index: 0, message: "there is no value in it" };
  return { terms };
}

function parseTerm(word: string): SeriesTerm | string {
  const [, missing, gap, from, to = from, noise = "0", times = "1"] = TERM.exec(word) ?? [];
  const count = times === "*" ? null : Number(times);
  if (count !== null && !(count >= 1 && count <= MOST_ROWS))
    return `must stand for 1 to ${MOST_ROWS} rows`;
  if (missing !== undefined) return { kind: "missing", count };
  if (gap !== undefined) return { kind: "gap", count };
  if (from === undefined) {
    return "is no term such as 22, 22~0.2x300, 20..35x60, _x5 (missing) or -x5 (no row)";
  }
  const term = { from: Number(from), to: Number(to), noise: Number(noise) };
  if (![term.from, term.to, term.noise].every(Number.isFinite)) return "is too large";
  if (term.noise < 0) return "has noise below zero";
  return { kind: "line", ...term, count };
}
