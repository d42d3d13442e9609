import { distance } from "fastest-levenshtein";

/** Most names that are listed in full. */
const MAX_LISTED = 20;

/**
 * The known name that was probably meant: alike but for case, or a few typing errors apart.
 *
 * @returns `Did you mean "..."?`, or undefined when nothing is near.
 */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const errors = distance(wanted, candidate.toLowerCase());
    if (errors < fewest) [best, fewest] = [candidate, errors];
  }
  return best === undefined ? undefined : `Did you mean "${best}"?`;
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
