/** Settings of a detector for sensors that stop to report. */
export interface SilentConfig {
  readonly algorithm: "silent";
  /** Event time without a reading, ms, > 0. */
  readonly afterMs: number;
}
