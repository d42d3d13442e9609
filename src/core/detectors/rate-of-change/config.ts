/** Settings of a detector for a column that changes too fast. */
export interface RateOfChangeConfig {
  readonly algorithm: "rate_of_change";
  /** Name of the column, for explanations. */
  readonly column: string;
  /** Unit of time of the limits, ms, > 0. */
  readonly perMs: number;
  /** Largest rise in that time which is normal, >= 0; Infinity: any. */
  readonly maxRise: number;
  /** Largest fall in that time which is normal, >= 0; Infinity: any. */
  readonly maxFall: number;
}
