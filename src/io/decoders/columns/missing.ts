const MISSING = new Set([
  "",
  "-",
  "--",
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
]);

/** Longest spelling of a missing value. */
const MAX_LENGTH = 9;

/** Whether a cell stands for a missing number: `NA`, `null`, `-`, blank, an infinity ... in any case. */
export function isMissing(cell: string): boolean {
  if (cell.length === 0) return true;
  const text = cell.trim();
  return text.length <= MAX_LENGTH && MISSING.has(text.toLowerCase());
}
