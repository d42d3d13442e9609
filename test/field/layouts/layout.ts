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
  /** How it names a sensor; by default as the plain layout. */
  readonly sensorName?: (sensor: string, quantity: string) => string;
  /** Whether each quantity of a sensor is a sensor of its own. */
  readonly isSplit?: boolean;
  /** It is refused with this error; the command in the hint makes a file with this ending, which is read. */
  readonly refused?: { readonly error: string; readonly ending: string };
}
