/** A figure with a number of decimals. */
export function fixed(value: number, digits = 3): string {
  return value.toFixed(digits);
}

/** A share as a percentage. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
