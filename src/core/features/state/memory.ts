/** What a small object of some number fields takes, about. */
export const OBJECT_BYTES = 160;

/** What a typed array takes besides its elements, about. */
const ARRAY_BYTES = 200;

/** Bytes of a `Float64Array` of `length`, about. */
export function float64Bytes(length: number): number {
  return ARRAY_BYTES + 8 * length;
}
