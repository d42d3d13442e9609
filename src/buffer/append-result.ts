/** What one append did. */
export interface AppendResult {
  /** Rows that came in, those evicted at once included. */
  readonly appended: number;
  /** Rows that went out, oldest first. */
  readonly evicted: number;
}
