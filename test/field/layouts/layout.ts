import type { Recording, RecordingOptions } from "./recording.ts";

/** A way to write a recording into a file. */
export interface Layout {
  readonly name: string;
  /** The recording that it writes; by default two sensors without missing values. */
  readonly recording?: Partial<RecordingOptions>;
  /** The file. */
  write(recording: Recording): string | Uint8Array;
  /** End of the name of the file; `.csv` by default. */
  readonly ending?: string;
  /** Rows that count as rejected; none by default. */
  readonly rejected?: number;
  /** Options of `replay`. */
  readonly args?: readonly string[];
  /** The part of the reader that it needs; absent: it is read. */
  readonly waits?: string;
}
