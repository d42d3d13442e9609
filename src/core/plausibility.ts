/** Values of a numeric column that can be true. */
export interface PlausibleRange {
  readonly name: string;
  /** Index among the numeric columns. */
  readonly column: number;
  /** Both inclusive; infinite where there is no bound. */
  readonly min: number;
  readonly max: number;
  /** For people; "" when it is not known. */
  readonly unit: string;
}

/** Takes a value that can't be true; `row` is its index within what is screened. */
export type ReportImplausible = (row: number, range: PlausibleRange, value: number) => void;

/**
 * Makes values that can't be true missing, before anything learns from them. The other values of their rows
 * stay. In place; O(rows) for each column with a range, nothing for the others.
 *
 * @param columns Numeric columns, in the order of the layout.
 * @param length Rows of them.
 */
export function screenColumns(
  columns: readonly Float64Array[],
  length: number,
  ranges: readonly PlausibleRange[],
  report: ReportImplausible,
): void {
  for (const range of ranges) {
    const values = columns[range.column] as Float64Array;
    const { min, max } = range;
    for (let row = 0; row < length; row++) {
      const value = values[row] as number;
      if (value < min || value > max) {
        values[row] = Number.NaN;
        report(row, range, value);
      }
    }
  }
}

/** Why a value can't be true: `-127 °C is below -40 °C`. */
export function describeImplausible({ min, max, unit }: PlausibleRange, value: number): string {
  const shown = (number: number): string => (unit === "" ? `${number}` : `${number} ${unit}`);
  return value < min
    ? `${shown(value)} is below ${shown(min)}`
    : `${shown(value)} is above ${shown(max)}`;
}
