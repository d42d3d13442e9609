/** What the intake found about the values of a column of a sensor. */
export interface ValueNotice {
  /** `no_value`: it has had no usable value for too long; `value`: it has one again. */
  readonly kind: "no_value" | "value";
  readonly key: number;
  /** Index among the numeric columns. */
  readonly column: number;
  /** Event time of the reading with which it was found, ms. */
  readonly timestamp: number;
  /** Event time of the first reading without a value, ms. */
  readonly since: number;
  /** Readings without a value. */
  readonly readings: number;
  /** The last implausible value among them; NaN: all cells are empty. Of `value` the usable value. */
  readonly value: number;
}
