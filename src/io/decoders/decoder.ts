import type { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { TimestampFormat } from "../../core/timestamp/timestamp.ts";
import type { TextDictionary } from "./rows/text-dictionary.ts";

/** What a column of the input seems to be. `index`: a running number without meaning. */
export type ColumnRole = "timestamp" | "number" | "label" | "text" | "index" | "empty";

/** What the sampled rows say about one column. */
export interface ColumnProfile {
  /** As in the header, after `rename`; nameless columns are `column_1`, `column_2` ... */
  readonly name: string;
  readonly role: ColumnRole;
  /**
   * How its cells are written if they are timestamps. Not null when `role` is `timestamp`; also set
   * for numbers that could be an epoch, should somebody know that they are one.
   */
  readonly timestampFormat: TimestampFormat | null;
  /** Different non-missing values among the sampled rows. */
  readonly distinct: number;
  /** Sampled cells that were missing. */
  readonly missing: number;
  /** Sampled cells that are finite numbers; `true` and `false` are none, though they count as 1 and 0. */
  readonly numbers: number;
  /** Smallest and largest number sampled; NaN when there is none. */
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
  /** What was decided and a user may want to know: delimiter, decimal comma, timestamp format. */
  readonly notes: readonly string[];
}

/** A line that could not be used. */
export interface Reject {
  /** Name of the input as the user gave it. */
  readonly input: string;
  /** 1-based line of the file on which the record starts. */
  readonly line: number;
  /** Stable short reason, for counting: `cell count`, `not a number`, `bad timestamp` ... */
  readonly reason: string;
  /** The reason in full, with column and offending value. */
  readonly detail: string;
  /** The line as read, cut to 4 kB. */
  readonly text: string;
}

/** What a decoder needs besides bytes. */
export interface DecodeContext {
  readonly layout: Layout;
  readonly keys: KeyTable;
  /** Values of the text columns, in the order of `layout.text`; shared by the inputs of a stream. */
  readonly dictionaries: readonly TextDictionary[];
  /** Time of the first row when there are no timestamps, ms since epoch; rows are 1 s apart. */
  readonly startMs: number;
  /** Number of the input within the stream, for `Batch.source`. */
  readonly source: number;
  /** Name of the input as the user gave it. */
  readonly input: string;
  /** Called once per unusable record, in input order. */
  reject(reject: Reject): void;
}

/** Options that change how an input is read. */
export interface DecodeOptions {
  /** Column of the input to column of the pipeline. */
  readonly rename: Readonly<Record<string, string>>;
}
