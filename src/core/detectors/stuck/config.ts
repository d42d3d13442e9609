/** Settings of a detector for a column that does not change. */
export interface StuckConfig {
  readonly algorithm: "stuck";
  /** Name of the column, for explanations. */
  readonly column: string;
  /** How long the column must not have changed, ms of event time, > 0. */
  readonly afterMs: number;
  /** Largest difference between any two values that is no change, >= 0. */
  readonly tolerance: number;
}
