/**
 * Numbers with room for `length` of them: the same array if it is long enough, else a copy that is twice as long.
 *
 * @param most Length that it never exceeds, at least `length`.
 */
export function withRoom(
  numbers: Float64Array<ArrayBuffer>,
  length: number,
  most: number,
): Float64Array<ArrayBuffer> {
  if (numbers.length >= length) return numbers;
  const larger = new Float64Array(Math.min(most, Math.max(length, 2 * numbers.length, LEAST)));
  larger.set(numbers);
  return larger;
}

const LEAST = 32;
