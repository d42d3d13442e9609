import type { RecordingRequest } from "../../src/cli/commands/replay/recording/open-recordings.ts";
import type { Severity } from "../../src/core/alerts/severity.ts";

/** What `replay` must make of a file of `files`. */
export type FieldCase = { readonly file: string } & (ReadCase | RefusedCase);

/** The file is read. The expected values come from the script that wrote the file, not from iotmon. */
export interface ReadCase {
  /** First and last time, and the usual seconds between two readings of a sensor. */
  readonly times: readonly [first: string, last: string, every: number];
  /** In order of appearance. */
  readonly sensors: readonly string[];
  /** Watched columns, in any order. */
  readonly watched: readonly string[];
  readonly readings: number;
  /** 0 by default. */
  readonly rejected?: number;
  /** The fault that must be told; absent: the file has none, or it is not yet found. */
  readonly fault?: {
    /** Its highest severity; by default critical. */
    readonly severity?: Severity;
    readonly sensor: string;
    /** When the alert may begin. */
    readonly within: readonly [from: string, to: string];
    /** A column that the reasons name. */
    readonly column: string;
  };
  /** Parts of the opening lines. */
  readonly opening?: readonly string[];
  /** Options of the command line, as `--option value`, and what they are in the code. */
  readonly args?: readonly string[];
  readonly settings?: Partial<RecordingRequest>;
}

/** The file is refused with exit code 65, and the error names the way out. */
interface RefusedCase {
  /** Parts of the error and its hint. */
  readonly refused: readonly string[];
}
