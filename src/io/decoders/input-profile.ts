import type { TimestampFormat } from "../../core/timestamp/timestamp.ts";

/** The detected role of a column. `index`: a row number. */
export type ColumnRole = "timestamp" | "number" | "label" | "text" | "index" | "empty";

/** A column as the sampled rows show it. */
export interface ColumnProfile {
  /** As in the header, after `rename`; nameless columns are `column_1`, `column_2` ... */
  readonly name: string;
  readonly role: ColumnRole;
  /**
   * Format of its cells as timestamps. Never null if `role` is `timestamp`; also set for numbers that could be
   * epochs, because the pipeline may declare them so.
   */
  readonly timestampFormat: TimestampFormat | null;
  /** Number of different sampled values. */
  readonly distinct: number;
  /** Number of missing cells in the sample. */
  readonly missing: number;
  /** Number of finite numbers in the sample, without `true` and `false`. */
  readonly numbers: number;
  /** Smallest and largest sampled number; NaN without numbers. */
  readonly min: number;
  readonly max: number;
  /** Up to three different cells as written. */
  readonly examples: readonly string[];
}

/** What the start of an input says about the whole. */
export interface InputProfile {
  readonly format: string;
  readonly columns: readonly ColumnProfile[];
  readonly rowsSampled: number;
  /** Decisions to show to the user: delimiter, decimal comma, timestamp format. */
  readonly notes: readonly string[];
}
