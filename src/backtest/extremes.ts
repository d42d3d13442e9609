/** The larger number; NaN only when both are. */
export function larger(a: number, b: number): number {
  return b > a || Number.isNaN(a) ? b : a;
}

/** The smaller number; NaN only when both are. */
export function smaller(a: number, b: number): number {
  return b < a || Number.isNaN(a) ? b : a;
}
