/** The plausible values of a numeric column. */
export interface PlausibleRange {
  readonly name: string;
  /** Index among the numeric columns. */
  readonly column: number;
  /** Both inclusive; infinite without a bound. */
  readonly min: number;
  readonly max: number;
  /** Numbers within the bounds that stand for no value, such as -127, in ascending order; undefined: none. */
  readonly codes?: readonly number[] | undefined;
  /** For messages; "" if unknown. */
  readonly unit: string;
}

/** Receives an implausible value; `row` is its index within the batch. */
export type ReportImplausible = (row: number, range: PlausibleRange, value: number) => void;

/**
 * Reports values outside their ranges, ordered by range, then row. Call it before `Intake.accept`, which
 * replaces such values with NaN. O(rows) for each column with a range.
 *
 * @param columns Numeric columns, in the order of the layout.
 */
export function findImplausible(
  columns: readonly Float64Array[],
  length: number,
  ranges: readonly PlausibleRange[],
  report: ReportImplausible,
): void {
  for (const range of ranges) {
    const values = columns[range.column] as Float64Array;
    for (let row = 0; row < length; row++) {
      const value = values[row] as number;
      if (isImplausible(range, value)) report(row, range, value);
    }
  }
}

/** Whether a value is outside a range, or stands for no value; false for NaN. */
export function isImplausible({ min, max, codes }: PlausibleRange, value: number): boolean {
  if (value < min || value > max) return true;
  // most values are above the codes
  return codes !== undefined && value <= (codes.at(-1) ?? value) && codes.includes(value);
}

/** Why a value is implausible: `-127 °C is below -40 °C`, `85 °C stands for no value`. */
export function describeImplausible({ min, max, unit }: PlausibleRange, value: number): string {
  const shown = (number: number): string => (unit === "" ? `${number}` : `${number} ${unit}`);
  if (value < min) return `${shown(value)} is below ${shown(min)}`;
  if (value > max) return `${shown(value)} is above ${shown(max)}`;
  return `${shown(value)} stands for no value`;
}
