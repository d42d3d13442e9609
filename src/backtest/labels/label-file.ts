/** A stretch of event time in which something was wrong, both ends included. */
export interface LabelSpan {
  /** ms since epoch; `from` <= `to`. */
  readonly from: number;
  readonly to: number;
  /** Name of the sensor; null: all of them. */
  readonly key: string | null;
  /** Where it is written: `labels.csv:12`. */
  readonly at: string;
}

/** What a file of labels says. */
export interface LabelFile {
  /** Path as the user gave it. */
  readonly label: string;
  /** Spans for whatever is replayed, or by name of the recording. */
  readonly spans: readonly LabelSpan[] | ReadonlyMap<string, readonly LabelSpan[]>;
  /** What in it is probably not meant, a sentence each. */
  readonly notes: readonly string[];
}

/** A span as written, before its times are understood. */
export interface WrittenSpan {
  readonly start: string;
  readonly end: string;
  readonly key: string | null;
  readonly at: string;
  /** Name of the recording that it is for; null: whatever is replayed. */
  readonly recording: string | null;
}

/** Fields that every span has. */
export const SPAN_FIELDS = ["start", "end"] as const;

/** Names of the field that names the sensor, beside the pipeline's own key column. */
export const KEY_FIELDS = ["key", "sensor_id"] as const;
