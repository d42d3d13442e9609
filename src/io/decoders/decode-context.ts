import type { KeyTable } from "../../core/key-table.ts";
import type { Layout } from "../../core/layout.ts";
import type { CellSettings } from "./cells/cell-plan.ts";
import type { ColumnChoice } from "./columns/column-choice.ts";
import type { TimeFormatSettings } from "./columns/time/time-finding.ts";
import type { TextDictionary } from "./rows/text-dictionary.ts";
import type { ShapeSettings } from "./shape/shape.ts";

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
  /** How far ahead of its recorded arrival the time of a line may be, ms; only recorded sessions have arrivals. */
  readonly maxAheadMs?: number | undefined;
  /** The name of the input that the user gave. */
  readonly input: string;
  /** Called once per unusable record, in input order. */
  reject(reject: Reject): void;
  /** Called with what the user should know about the input, a sentence without its name; undefined: no one asks. */
  note?(text: string): void;
}

/**
 * What the settings of a source say about the columns and cells of its input, as plain JSON. The profile decides
 * the rest from the sample. `decodeOptions` makes it of a source, so every mode reads an input in the same way.
 */
export interface DecodeOptions {
  /** Maps a column of the input to a column of the pipeline. */
  readonly rename: Readonly<Record<string, string>>;
  /** Undefined: no setting. */
  readonly columns?: ColumnChoice | undefined;
  /** Undefined: no setting. */
  readonly cells?: CellSettings | undefined;
  /** How times are written, as far as it is set. */
  readonly time?: TimeFormatSettings | undefined;
  /** How rows become readings. Undefined: no setting. */
  readonly shape?: ShapeSettings | undefined;
}
