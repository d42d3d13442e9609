/** What an object of some number fields takes, about (measured on Node 20, as the next). */
export const OBJECT_BYTES = 110;

/** What a typed array takes besides its elements, about. */
const ARRAY_BYTES = 200;

/** Bytes of a `Float64Array` of `length`, about. */
export function float64Bytes(length: number): number {
  return ARRAY_BYTES + 8 * length;
}
