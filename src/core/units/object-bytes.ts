/** Approximate bytes of an object with a few number fields, measured on Node 20. */
export const OBJECT_BYTES = 110;

/** Approximate bytes of a typed array without its elements, measured on Node 20. */
const ARRAY_BYTES = 200;

/** Approximate bytes of a `Float64Array` of `length`. */
export function float64Bytes(length: number): number {
  return ARRAY_BYTES + 8 * length;
}
