import { type Fault, IotmonError } from "../../core/errors.ts";

/** A labelled span of event time, both ends included. */
export interface LabelSpan {
  /** ms since epoch; `from` <= `to`. */
  readonly from: number;
  readonly to: number;
  /** Name of the sensor; null: all sensors. */
  readonly key: string | null;
  /** Its place in the file: `labels.csv:12`. */
  readonly at: string;
}

/** The contents of a label file. */
export interface LabelFile {
  /** Path as the user gave it. */
  readonly label: string;
  /** Spans for every recording, or by name of the recording. */
  readonly spans: readonly LabelSpan[] | ReadonlyMap<string, readonly LabelSpan[]>;
  /** Warnings, a sentence each. */
  readonly notes: readonly string[];
}

/** A span as written, before its times are parsed. */
export interface WrittenSpan {
  readonly start: string;
  readonly end: string;
  readonly key: string | null;
  readonly at: string;
  /** Name of its recording; null: every recording. */
  readonly recording: string | null;
}

/** Fields that every span has. */
export const SPAN_FIELDS = ["start", "end"] as const;

/** Names of the sensor field, beside the pipeline's own key column. */
export const KEY_FIELDS = ["key", "sensor_id"] as const;

/** One error for all faults of a label file. */
export function labelError(label: string, faults: readonly Fault[]): IotmonError {
  const many = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  return new IotmonError("ERR_DATA", `The labels ${label} have ${many}`, { faults });
}
