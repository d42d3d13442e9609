import { distance } from "fastest-levenshtein";

/** Maximum number of names that are listed in full. */
const MAX_LISTED = 30;
/** Maximum number of characters of a name that is compared, because a comparison takes quadratic time. */
const MAX_COMPARED = 200;

/** {@link closest} as a question: `Did you mean "..."?` */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const near = closest(name, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/**
 * The known name that the user probably meant: one that differs in case, that `name` abbreviates, or that
 * is a few typing errors away (two swapped letters are one error).
 *
 * @returns Undefined if no name is similar.
 */
export function closest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let fewest = 1 + (wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3)));
  for (const candidate of known) {
    const errors = errorsBetween(wanted, candidate.toLowerCase(), fewest - 1);
    if (errors < fewest) [best, fewest] = [candidate, errors];
  }
  return best;
}

/** @returns Infinity if there are certainly more than `most`. */
function errorsBetween(wanted: string, candidate: string, most: number): number {
  if (wanted.length >= 3 && candidate.startsWith(wanted)) return 1;
  const longer = Math.abs(wanted.length - candidate.length);
  if (longer > most || wanted.length > MAX_COMPARED) return Number.POSITIVE_INFINITY;
  const swapped = longer === 0 && letters(wanted) === letters(candidate) ? 1 : 0;
  return distance(wanted, candidate) - swapped;
}

function letters(word: string): string {
  return [...word].sort().join("");
}

/** Names in a sentence: `a, b, c`, and the number of the others above {@link MAX_LISTED}. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED).join(", ");
  return names.length > MAX_LISTED ? `${listed} and ${names.length - MAX_LISTED} more` : listed;
}

/** {@link didYouMean}, or if no name is similar, all names: `<label>: a, b, c`. */
export function suggest(name: string, known: readonly string[], label: string): string {
  return didYouMean(name, known) ?? `${label}: ${listNames(known)}`;
}

/** {@link didYouMean} if a name is similar, and always all names: `<label>: a, b, c`. */
export function suggestAndList(name: string, known: readonly string[], label: string): string {
  const near = didYouMean(name, known);
  const all = `${label}: ${listNames(known)}`;
  return near === undefined ? all : `${near} ${all}`;
}
