const MIN_DIGITS = 4;
const MAX_DIGITS = 16;
const MAX_PLAIN = 1e15;
const RAREST = 1e9;

/**
 * Formats numbers of one sentence with four significant digits, whole numbers in full. Uses more digits only if
 * different numbers would look the same.
 *
 * @param numbers Finite.
 */
export function numberTexts(numbers: readonly number[]): string[] {
  const different = new Set(numbers).size;
  for (let digits = MIN_DIGITS; digits <= MAX_DIGITS; digits++) {
    const texts = numbers.map((number) => numberText(number, digits));
    if (new Set(texts).size === different) return texts;
  }
  return numbers.map(String);
}

/**
 * Rarity of a reading, to two significant digits: `1 in 4300`. A reading that is too rare for any recording to show
 * it gives only the limit: `less than 1 in 1000000000`.
 *
 * @param p Tail probability in (0, 1]; NaN when there is none.
 * @returns Null when there is no `p`.
 */
export function rarityText(p: number): string | null {
  if (!(p > 0)) return null;
  const one = 1 / p;
  return one > RAREST ? `less than 1 in ${RAREST}` : `1 in ${Number(one.toPrecision(2))}`;
}

function numberText(number: number, digits: number): string {
  const size = Math.abs(number);
  const rounded =
    size >= 10 ** digits && size < MAX_PLAIN
      ? Math.round(number)
      : Number(number.toPrecision(digits));
  return String(rounded);
}
