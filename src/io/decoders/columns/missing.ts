/** What gateways and programs write for a sensor that does not answer. */
const WORDS: ReadonlySet<string> = new Set(["unavailable", "unknown", "undefined", "nil"]);

const MISSING = new Set([
  "",
  "na",
  "n/a",
  "#n/a",
  "nan",
  "null",
  "none",
  "inf",
  "+inf",
  "-inf",
  "infinity",
  "+infinity",
  "-infinity",
  ...WORDS,
]);

/** Longest spelling of a missing value. */
const MAX_LENGTH = 11;
/** `--.-`, `---`, `?`, `*`, `***.*`: what displays show without a value. */
const PLACEHOLDER = /^(?:[-\u2013\u2014]+(?:[.,][-\u2013\u2014]+)?|\*+(?:[.,]\*+)?|\?+)$/u;

/** Whether a missing cell shows more than that it is empty: `--.-`, `unavailable`. */
export function isPlaceholder(cell: string): boolean {
  const text = cell.trim();
  return text !== "" && (PLACEHOLDER.test(text) || WORDS.has(text.toLowerCase()));
}

/** Whether a cell stands for a missing number: `NA`, `null`, `--.-`, blank, an infinity ... in any case. */
export function isMissing(cell: string): boolean {
  if (cell.length === 0) return true;
  const text = cell.trim();
  if (text.length > MAX_LENGTH) return false;
  return MISSING.has(text.toLowerCase()) || PLACEHOLDER.test(text);
}
