/** Which readings are asked for; what is left out does not matter. */
export interface RowSelection {
  /** At most this many, the newest of those that fit. */
  readonly newest?: number | undefined;
  readonly key?: string | undefined;
  /** Event time, ms since epoch: this or later. */
  readonly sinceMs?: number | undefined;
}
