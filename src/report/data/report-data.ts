/**
 * What a report file holds for its own script: texts and numbers, long series as base64 of
 * little-endian arrays.
 *
 * @module
 */

/** How event times are written: `base + unit * code`, ms; {@link NO_TIME} is none. */
export interface TimeCode {
  readonly base: number;
  readonly unit: number;
}

/** In arrays of times: none. */
export const NO_TIME = 0xffff_ffff;
/** In arrays of scores, which are parts of {@link SCORE_ONE}: not scored. */
export const NO_SCORE = 0xffff;
export const SCORE_ONE = 0xfffe;
/** What is usual is told for every so many-th bucket. */
export const USUAL_STEP = 8;

/** A column of a sensor: f32, to which `base` is to be added; NaN is missing. */
export interface ColumnData {
  readonly base: number;
  readonly smallest: string;
  /** Null: each bucket is one reading. */
  readonly largest: string | null;
  /** By {@link USUAL_STEP} buckets; null: nothing is called usual. */
  readonly usual: { readonly low: string; readonly high: string } | null;
}

/** A sensor over time. */
export interface SeriesData {
  readonly per_bucket: number;
  /** u32, see {@link TimeCode}. */
  readonly times: string;
  readonly end: number;
  /** By column; null: it has no values. */
  readonly columns: readonly (ColumnData | null)[];
  /** u16 by detector; null: nothing was scored. */
  readonly scores: readonly (string | null)[];
  /** u8: 1 where a reading was labelled as wrong; null: nowhere. */
  readonly labelled: string | null;
}

/** A sensor of the run. */
export interface SensorData {
  readonly name: string;
  readonly readings: number;
  readonly anomalies: number;
  readonly alerts: number;
  /** Null: there were too many sensors. */
  readonly series: SeriesData | null;
}

/** A detector of the pipeline. */
export interface DetectorData {
  readonly name: string;
  /** What it looks for; null: it learns that. */
  readonly rule: string | null;
  readonly inputs: readonly string[];
  /** Scores by equal parts of [0, 1]; empty: it gives none. */
  readonly distribution: readonly number[];
}

/** Why there is an alert: input, value, typical value, usual range, side, share. */
export type ContributionData = readonly [
  input: number,
  value: number | null,
  typical: number | null,
  low: number | null,
  high: number | null,
  side: "low" | "high" | null,
  share: number | null,
];

/** What is told of an episode beside its numbers. */
export interface ReasonData {
  readonly why: string;
  /** Null: left out for want of room. */
  readonly contributions: readonly ContributionData[] | null;
  /** Columns of the worst reading; null: left out. */
  readonly reading: readonly (number | null)[] | null;
}

/** Episodes, an array a field, in the order of their start. */
export interface EpisodesData {
  /** u32, index into sensors. */
  readonly sensor: string;
  /** u16 */
  readonly detector: string;
  /** u8: 0 info, 1 warning, 2 critical. */
  readonly severity: string;
  /** u8: 1, somebody was told. */
  readonly told: string;
  /** u32, see {@link TimeCode}. */
  readonly started: string;
  readonly last: string;
  readonly resolved: string;
  readonly peak: string;
  /** u32 */
  readonly anomalies: string;
  /** f32 */
  readonly score: string;
  /** By episode; null: left out for want of room. */
  readonly reasons: readonly (ReasonData | null)[];
  /** Episodes that are not listed, as there are too many. */
  readonly left_out: number;
}

/** How to get this report again. */
export interface ReproductionData {
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly {
    readonly name: string;
    readonly bytes: number | null;
    /** Null: it can't be read a second time, as a pipe. */
    readonly sha256: string | null;
  }[];
}

/** All of it. */
export interface ReportData {
  /** As `--format json` has it, without episodes and columns. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Name of the label column; null: none. */
  readonly label: string | null;
  readonly advice: readonly string[];
  readonly columns: readonly string[];
  readonly time: TimeCode;
  readonly detectors: readonly DetectorData[];
  readonly sensors: readonly SensorData[];
  readonly episodes: EpisodesData;
  /** YAML. */
  readonly settings: string;
  readonly reproduction: ReproductionData;
}
