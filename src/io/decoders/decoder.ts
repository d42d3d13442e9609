import type { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { TimestampFormat } from "../../core/timestamp/timestamp.ts";
import type { TextDictionary } from "./rows/text-dictionary.ts";

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

/** An unusable line. */
export interface Reject {
  /** The name of the input that the user gave. */
  readonly input: string;
  /** 1-based line on which the record starts. */
  readonly line: number;
  /** Short, stable reason for statistics: `cell count`, `not a number`, `bad timestamp` ... */
  readonly reason: string;
  /** The full reason, with column and value. */
  readonly detail: string;
  /** The first 4 kB of the line. */
  readonly text: string;
}

/** What a decoder needs beside the bytes. */
export interface DecodeContext {
  readonly layout: Layout;
  readonly keys: KeyTable;
  /** Values of the text columns, in the order of `layout.text`; shared by the inputs of a stream. */
  readonly dictionaries: readonly TextDictionary[];
  /** Time of the first row of an input without timestamps, ms since epoch; rows are 1 s apart. */
  readonly startMs: number;
  /** Number of the input within the stream, for `Batch.source`. */
  readonly source: number;
  /** The name of the input that the user gave. */
  readonly input: string;
  /** Called once per unusable record, in input order. */
  reject(reject: Reject): void;
}

/** Options of decoding. */
export interface DecodeOptions {
  /** Maps a column of the input to a column of the pipeline. */
  readonly rename: Readonly<Record<string, string>>;
}
