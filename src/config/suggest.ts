import { distance } from "fastest-levenshtein";

/** Maximum number of names that are listed in full. */
const MAX_LISTED = 30;

/**
 * The known name that was probably meant: alike but for case, an abbreviation, or a few typing errors
 * apart (two swapped letters are one).
 *
 * @returns `Did you mean "..."?`, or undefined when nothing is near.
 */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let fewest = 1 + (wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3)));
  for (const candidate of known) {
    const errors = errorsBetween(wanted, candidate.toLowerCase());
    if (errors < fewest) [best, fewest] = [candidate, errors];
  }
  return best === undefined ? undefined : `Did you mean "${best}"?`;
}

function errorsBetween(wanted: string, candidate: string): number {
  if (wanted.length >= 3 && candidate.startsWith(wanted)) return 1;
  const swapped = letters(wanted) === letters(candidate) ? 1 : 0;
  return distance(wanted, candidate) - swapped;
}

function letters(word: string): string {
  return [...word].sort().join("");
}

/** Names for a sentence: `a, b, c`, cut when there are very many. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED).join(", ");
  return names.length > MAX_LISTED ? `${listed} and ${names.length - MAX_LISTED} more` : listed;
}

/** {@link didYouMean}, and where nothing is near, what there is: `<label>: a, b, c`. */
export function suggest(name: string, known: readonly string[], label: string): string {
  return didYouMean(name, known) ?? `${label}: ${listNames(known)}`;
}

/** {@link didYouMean} where a name is near, and in any case what there is: `<label>: a, b, c`. */
export function suggestAndList(name: string, known: readonly string[], label: string): string {
  const near = didYouMean(name, known);
  const all = `${label}: ${listNames(known)}`;
  return near === undefined ? all : `${near} ${all}`;
}
