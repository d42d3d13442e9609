/**
 * The data in a report file for its script: texts and numbers, with long series as base64 of little-endian
 * arrays.
 *
 * @module
 */

/** Encoding of event times: `base + unit * code`, ms; {@link NO_TIME} means none. */
export interface TimeCode {
  readonly base: number;
  readonly unit: number;
}

/** Code of a missing time. */
export const NO_TIME = 0xffff_ffff;
/** Code of a missing score; other codes are parts of {@link SCORE_ONE}. */
export const NO_SCORE = 0xffff;
export const SCORE_ONE = 0xfffe;
/** The usual range is stored for every n-th bucket. */
export const USUAL_STEP = 8;

/** A column of a sensor: f32 values minus `base`; NaN is missing. */
export interface ColumnData {
  readonly base: number;
  readonly smallest: string;
  /** Null: each bucket is one reading. */
  readonly largest: string | null;
  /** One value per {@link USUAL_STEP} buckets; null: no usual range. */
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
  /** u16 by detector; null: no scores. */
  readonly scores: readonly (string | null)[];
  /** u8: 1 for buckets with a reading labelled as anomalous; null: none. */
  readonly labelled: string | null;
}

/** A sensor of the run. */
export interface SensorData {
  readonly name: string;
  readonly readings: number;
  readonly anomalies: number;
  readonly alerts: number;
  /** Null: too many sensors. */
  readonly series: SeriesData | null;
}

/** A detector of the pipeline. */
export interface DetectorData {
  readonly name: string;
  /** Its rule; null: it learns. */
  readonly rule: string | null;
  readonly inputs: readonly string[];
  /** Number of scores in equal parts of [0, 1]; empty: it gives no scores. */
  readonly distribution: readonly number[];
}

/** A feature's part in a score. */
export type ContributionData = readonly [
  input: number,
  value: number | null,
  typical: number | null,
  low: number | null,
  high: number | null,
  side: "low" | "high" | null,
  share: number | null,
];

/** The explanation of an episode. */
export interface ReasonData {
  readonly why: string;
  /** Null: left out to save space. */
  readonly contributions: readonly ContributionData[] | null;
  /** Columns of the worst reading; null: left out. */
  readonly reading: readonly (number | null)[] | null;
}

/** Episodes by start, one array per field. */
export interface EpisodesData {
  /** u32, index into sensors. */
  readonly sensor: string;
  /** u16 */
  readonly detector: string;
  /** u8: 0 info, 1 warning, 2 critical. */
  readonly severity: string;
  /** u8: 1 if it raised an alert, 0 if the cooldown suppressed it. */
  readonly notified: string;
  /** u32, see {@link TimeCode}. */
  readonly started: string;
  readonly last: string;
  readonly resolved: string;
  readonly peak: string;
  /** u32 */
  readonly anomalies: string;
  /** f32 */
  readonly score: string;
  /** By episode; null: left out to save space. */
  readonly reasons: readonly (ReasonData | null)[];
  /** Number of episodes beyond the limit, which are not listed. */
  readonly left_out: number;
}

/** How to reproduce the report. */
export interface ReproductionData {
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly {
    readonly name: string;
    readonly bytes: number | null;
    /** Null: it can't be read again, e.g. a pipe. */
    readonly sha256: string | null;
  }[];
}

/** The complete data. */
export interface ReportData {
  /** As in `--format json`, without episodes and columns. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Name of the label column; null: none. */
  readonly label: string | null;
  readonly advice: readonly string[];
  readonly columns: readonly string[];
  readonly time: TimeCode;
  /** Name of the display of times, see `timesIn`. */
  readonly zone: string;
  readonly detectors: readonly DetectorData[];
  readonly sensors: readonly SensorData[];
  readonly episodes: EpisodesData;
  /** YAML. */
  readonly settings: string;
  readonly reproduction: ReproductionData;
}
